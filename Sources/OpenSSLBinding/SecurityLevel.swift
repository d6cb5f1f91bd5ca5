import COpenSSL

/// OpenSSL's security level (SSL_CTX_set_security_level(3)): which keys and signatures of a path it is content with.
package struct SecurityLevel: RawRepresentable, Hashable, Sendable {
    /// Those that OpenSSL knows: 0 allows everything, 1 asks for 80 bits of security, 2 for 112, 3 for 128, 4 for 192, 5 for
    /// 256.
    package static let range = 0...5

    package let rawValue: Int

    package init?(rawValue: Int) {
        guard Self.range.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(clamping level: Int32) {
        rawValue = min(max(Int(level), Self.range.lowerBound), Self.range.upperBound)
    }

    /// The level at which TLS servers on this machine verify by default, as OpenSSL was built and openssl.cnf sets it.
    package static let ofMachine: SecurityLevel = {
        defer { OpenSSLError.clear() }
        guard let context = SSL_CTX_new(TLS_method()) else { return SecurityLevel(clamping: 1) }
        defer { SSL_CTX_free(context) }
        return SecurityLevel(clamping: SSL_CTX_get_security_level(context))
    }()
}
