import COpenSSL

/// OpenSSL's security level (SSL_CTX_set_security_level(3)), the minimum strength of a path's keys and signatures.
package struct SecurityLevel: RawRepresentable, Hashable, Sendable {
    /// The levels of OpenSSL: 0 allows everything, 1 requires 80 bits of security, 2 112, 3 128, 4 192, and 5 256.
    package static let range = 0...5

    /// nil for the level of this machine.
    private let level: Int?

    package init?(rawValue: Int) {
        guard Self.range.contains(rawValue) else { return nil }
        level = rawValue
    }

    private init() {
        level = nil
    }

    /// The level at which TLS servers on this machine verify by default, from OpenSSL's build and openssl.cnf. It is
    /// read when it is first needed.
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
