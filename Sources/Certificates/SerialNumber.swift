/// A certificate's serial number (RFC 5280 4.1.2.2) as in its DER. Usually 1 to 20 octets, but any length is possible.
package struct SerialNumber: Hashable, Sendable {
    /// The content octets of the INTEGER: two's complement, the most significant octet first.
    package let octets: [UInt8]

    package init(octets: [UInt8]) {
        self.octets = octets
    }

    /// Hashes all octets in one call, which is faster than the synthesized element by element.
    package func hash(into hasher: inout Hasher) {
        octets.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension SerialNumber: CustomStringConvertible {
    /// Lower-case hexadecimal with two digits for each octet, without the sign octet: `0a`, `8f01`. A negative number
    /// begins with `-`.
    package var description: String {
        guard let first = octets.first else { return "00" }
        let isNegative = first & 0x80 != 0
        var magnitude = isNegative ? Self.negated(octets) : octets
        while magnitude.count > 1, magnitude[0] == 0 {
            magnitude.removeFirst()
        }
        return (isNegative ? "-" : "") + magnitude.hexadecimal
    }

    /// Two's complement negation.
    private static func negated(_ octets: [UInt8]) -> [UInt8] {
        var result = octets.map { ~$0 }
        for index in result.indices.reversed() {
            result[index] &+= 1
            if result[index] != 0 { break }
        }
        return result
    }
}
