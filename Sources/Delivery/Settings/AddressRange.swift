import Glibc

/// A CIDR range of IPv4 or IPv6 addresses.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    /// The range as configured.
    package let description: String
    private let prefix: [UInt8]
    private let length: Int

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or a single address.
    ///
    /// - Returns: nil for any other text.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Self.address(String(parts[0])) else { return nil }
        let bits = address.count * 8
        guard parts.count == 1 || (parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) } && parts[1].count <= 3),
            let length = parts.count == 1 ? bits : Int(parts[1]), length <= bits
        else { return nil }
        self.description = text
        self.prefix = address
        self.length = length
    }

    /// Whether the range holds an address of 4 or 16 bytes.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == prefix.count else { return false }
        let whole = length / 8
        guard address[..<whole] == prefix[..<whole] else { return false }
        let rest = length % 8
        return rest == 0 || (address[whole] ^ prefix[whole]) >> UInt8(8 - rest) == 0
    }

    private static func address(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &bytes) == 1 { return bytes }
        return inet_pton(AF_INET, text, &bytes) == 1 ? Array(bytes[..<4]) : nil
    }
}
