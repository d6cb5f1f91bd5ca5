import Certificates
import Configuration
import ExpiryRules
import FileReading
import OpenSSLBinding
import Verification

extension CertificateExpectations {
    private static let keyLimit = 1 << 20

    /// The expectations that the configuration has of a registration's certificates. Reads the private key if one is
    /// named.
    package init(of registration: Registration, _ expected: RegistrationExpectations?) {
        self.init(
            role: registration.role, commonName: expected?.commonName,
            alternativeNames: expected?.alternativeNames ?? [], profile: registration.profile,
            key: expected?.keyFile.map(Self.key), securityLevel: expected?.securityLevel ?? .ofMachine)
    }

    /// The key at `path`, or the reason why it cannot be read.
    private static func key(at path: String) -> PrivateKeyFile {
        do throws(RegularFile.Failure) {
            return PrivateKeyFile(path: path, try RegularFile.content(of: path, limit: keyLimit))
        } catch {
            return PrivateKeyFile(path: path, unreadable: error.clause)
        }
    }
}

extension PrivateKeyFile {
    /// A key that was read from disk.
    package init(path: String, _ content: RegularFile.Content, passphrase: Secret? = nil) {
        self.init(
            path: path, openMode: content.access.isOpenToOthers ? content.access.mode : nil, pem: content.bytes,
            passphrase: passphrase)
    }
}
