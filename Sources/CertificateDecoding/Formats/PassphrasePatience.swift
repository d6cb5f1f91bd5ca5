/// How much work opening an encrypted container may take. libcrypto cannot interrupt a key derivation, so the work is
/// checked before it starts.
package enum PassphrasePatience: Sendable {
    /// For a scan, which has other files to read.
    case unattended
    /// For a person who names a file and gives its passphrase.
    case attended

    /// The maximum number of iterations for one part of a file. OpenSSL uses 2,048, cautious users a few hundred
    /// thousand.
    var limit: Int {
        switch self {
        case .unattended: 1_000_000
        case .attended: 40_000_000
        }
    }

    /// The maximum for all parts of one file: one or two seconds, or about twenty when attended.
    var totalLimit: Int {
        switch self {
        case .unattended: 2_500_000
        case .attended: 40_000_000
        }
    }
}
