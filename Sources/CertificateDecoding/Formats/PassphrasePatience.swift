/// How long an encrypted container may keep its reader busy. libcrypto cannot be stopped in the middle of a digest, so that the
/// work is counted before it begins.
package enum PassphrasePatience: Sendable {
    /// A scan, which has other files to read.
    case unattended
    /// A person who names a file and gives its passphrase.
    case attended

    /// So often a passphrase may be digested for one part of a file. OpenSSL writes 2,048, cautious people a few hundred
    /// thousand.
    var limit: Int {
        switch self {
        case .unattended: 1_000_000
        case .attended: 40_000_000
        }
    }

    /// The same for all parts of one file together: a second or two, or some twenty.
    var totalLimit: Int {
        switch self {
        case .unattended: 2_500_000
        case .attended: 40_000_000
        }
    }
}
