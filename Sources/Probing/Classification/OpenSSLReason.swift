/// The reason of an OpenSSL error code that libcurl's text contains: `error:0A00010B:SSL routines::…`.
struct OpenSSLReason: Hashable {
    let number: Int

    /// `SSL_R_WRONG_VERSION_NUMBER`: the received bytes are not a TLS record.
    static let wrongVersionNumber = OpenSSLReason(number: 0x10B)

    init(number: Int) {
        self.number = number
    }

    init?(in message: String) {
        guard
            let start = message.firstRange(of: "error:")?.upperBound,
            let code = Int(message[start...].prefix(8), radix: 16)
        else { return nil }
        self.number = code & 0xFFF
    }
}
