import Foundation

/// The host of an endpoint's URL in the form of DNS and TLS: a name in ASCII, or an address.
package struct ProbeHost: Hashable, Sendable {
    /// An address has no brackets and no zone. A trailing dot is kept, since it prevents the resolver from using its
    /// search list.
    package let name: String
    /// The interface of a link-local address (RFC 4007 11), as in `[fe80::1%25eth0]` (RFC 6874).
    package let zone: String?

    /// Parses the host without brackets. nil for a name with an invalid character (RFC 5892).
    package init?(_ written: String) {
        if written.contains(":"), let percent = written.firstIndex(of: "%") {
            let rest = written[percent...].dropFirst()
            let zone = rest.hasPrefix("25") ? rest.dropFirst(2) : rest
            let isZone = zone.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~".contains($0)) }
            guard !zone.isEmpty, isZone else { return nil }
            (name, self.zone) = (String(written[..<percent]), String(zone))
            return
        }
        zone = nil
        guard !written.utf8.allSatisfy({ $0 < 0x80 }) else {
            name = written
            return
        }
        // The mappings of RFC 5895: case, compatibility forms, ideographic full stops.
        let mapped = written.lowercased().precomposedStringWithCompatibilityMapping.replacing("。", with: ".")
        let labels = mapped.split(separator: ".", omittingEmptySubsequences: false).map(Self.ascii)
        guard !labels.contains(nil) else { return nil }
        name = labels.compactMap(\.self).joined(separator: ".")
    }

    /// The host in a URL for libcurl.
    package var inURL: String {
        name.contains(":") ? "[\(name)\(zone.map { "%25\($0)" } ?? "")]" : name
    }

    /// The host in a `Host` header. It has no zone, which is meaningful only on this machine (RFC 6874 4).
    package var inHeader: String { name.contains(":") ? "[\(name)]" : name }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func ascii(_ label: Substring) -> String? {
        let scalars = Array(label.unicodeScalars)
        if scalars.allSatisfy(\.isASCII) {
            // The mapping may have turned a look-alike character into a blank or a slash.
            let isName = label.utf8.allSatisfy {
                $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || isLetterOrDigit($0)
            }
            return isName ? String(label) : nil
        }
        let isName = scalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: true
            default: scalar == "-"
            }
        }
        return isName ? Punycode.encode(scalars.map(\.value)).map { "xn--\($0)" } : nil
    }
}

/// Punycode (RFC 3492) with the parameters of its section 5.
private enum Punycode {
    private static let (base, low, high, skew, damp): (UInt32, UInt32, UInt32, UInt32, UInt32) = (36, 1, 26, 38, 700)

    /// - Returns: nil for a label that is too long or overflows.
    static func encode(_ input: [UInt32]) -> String? {
        guard input.count <= 63 else { return nil }
        var output = input.filter { $0 < 0x80 }
        let basicCount = UInt32(output.count)
        if basicCount > 0 { output.append(0x2D) }
        var (codePoint, delta, bias, handled): (UInt32, UInt32, UInt32, UInt32) = (0x80, 0, 72, basicCount)
        while handled < input.count {
            guard let next = input.filter({ $0 >= codePoint }).min() else { return nil }
            let (step, overflows) = (next - codePoint).multipliedReportingOverflow(by: handled + 1)
            guard !overflows, delta <= .max - step else { return nil }
            delta += step
            codePoint = next
            for scalar in input where scalar <= codePoint {
                guard scalar == codePoint else {
                    delta += 1
                    continue
                }
                output += digits(of: delta, bias: bias)
                bias = adapted(delta, handled: handled + 1, isFirst: handled == basicCount)
                (delta, handled) = (0, handled + 1)
            }
            delta += 1
            codePoint += 1
        }
        return String(String.UnicodeScalarView(output.compactMap(Unicode.Scalar.init)))
    }

    private static func digits(of delta: UInt32, bias: UInt32) -> [UInt32] {
        var (rest, position): (UInt32, UInt32) = (delta, base)
        var digits: [UInt32] = []
        while true {
            let threshold = position <= bias ? low : min(position - bias, high)
            guard rest >= threshold else { break }
            digits.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            position += base
        }
        return digits + [digit(rest)]
    }

    /// a to z, then 0 to 9.
    private static func digit(_ value: UInt32) -> UInt32 { value < 26 ? 0x61 + value : 0x30 + value - 26 }

    private static func adapted(_ delta: UInt32, handled: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / handled
        var divisions: UInt32 = 0
        while delta > (base - low) * high / 2 {
            delta /= base - low
            divisions += base
        }
        return divisions + (base - low + 1) * delta / (delta + skew)
    }
}
