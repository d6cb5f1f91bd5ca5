/// The durations of the steps of a probe, in milliseconds; nil for a step that was not reached.
package struct PhaseTimings: Hashable, Sendable {
    package var nameLookup: Int?
    package var connect: Int?
    package var tlsHandshake: Int?
    /// From the request to the first byte of the response.
    package var firstByte: Int?
    /// From the start of the name lookup to the end of the response.
    package var total: Int

    package init(
        nameLookup: Int? = nil, connect: Int? = nil, tlsHandshake: Int? = nil, firstByte: Int? = nil, total: Int = 0
    ) {
        self.nameLookup = nameLookup
        self.connect = connect
        self.tlsHandshake = tlsHandshake
        self.firstByte = firstByte
        self.total = total
    }
}

extension PhaseTimings: Encodable {
    private enum CodingKeys: String, CodingKey {
        case nameLookup = "dns"
        case connect
        case tlsHandshake = "tls"
        case firstByte = "first_byte"
        case total
    }

    /// Encodes every key.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(nameLookup, forKey: .nameLookup)
        try container.encode(connect, forKey: .connect)
        try container.encode(tlsHandshake, forKey: .tlsHandshake)
        try container.encode(firstByte, forKey: .firstByte)
        try container.encode(total, forKey: .total)
    }
}
