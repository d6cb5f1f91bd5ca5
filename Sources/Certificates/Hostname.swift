/// The syntax of DNS names in configurations.
package enum Hostname {
    /// Accepts letters, digits, hyphens and underscores in labels of at most 63 characters, and 253 characters in all
    /// (RFC 1035 2.3.4).
    package static func isValid(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return !text.isEmpty && text.utf8.count <= 253
            && labels.allSatisfy { label in
                let hyphen = UInt8(ascii: "-")
                return !label.isEmpty && label.count <= 63 && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy(isLabelByte)
            }
    }

    /// Accepts a valid name whose first label may also be `*`.
    package static func isValidPattern(_ text: String) -> Bool {
        isValid(text.hasPrefix("*.") ? String(text.dropFirst(2)) : text)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
