/// The reason in an OpenSSL error code, where libcurl's text quotes one: `error:0A00010B:SSL routines::…`.
struct OpenSSLReason: Hashable {
    let number: Int

    /// `SSL_R_WRONG_VERSION_NUMBER`: what came is no TLS record.
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
