import COpenSSL

/// OpenSSL's security level (SSL_CTX_set_security_level(3)): which keys and signatures of a path it is content with.
package struct SecurityLevel: RawRepresentable, Hashable, Sendable {
    /// Those that OpenSSL knows: 0 allows everything, 1 asks for 80 bits of security, 2 for 112, 3 for 128, 4 for 192, 5 for
    /// 256.
    package static let range = 0...5

    /// nil for the machine's.
    private let level: Int?

    package init?(rawValue: Int) {
        guard Self.range.contains(rawValue) else { return nil }
        level = rawValue
    }

    private init() {
        level = nil
    }

    /// The level at which TLS servers on this machine verify by default, as OpenSSL was built and openssl.cnf sets it. OpenSSL is
    /// asked once the level is needed.
    package static let ofMachine = SecurityLevel()

    package var rawValue: Int { level ?? Self.machineLevel }

    package static func == (left: SecurityLevel, right: SecurityLevel) -> Bool {
        left.rawValue == right.rawValue
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(rawValue)
    }

    private static let machineLevel: Int = {
        defer { OpenSSLError.clear() }
        guard let context = SSL_CTX_new(TLS_method()) else { return 1 }
        defer { SSL_CTX_free(context) }
        return min(max(Int(SSL_CTX_get_security_level(context)), range.lowerBound), range.upperBound)
    }()
}
