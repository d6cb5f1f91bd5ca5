import Certificates
import Configuration
import ExpiryRules
import FileReading
import OpenSSLBinding
import Verification

extension CertificateExpectations {
    private static let keyLimit = 1 << 20

    /// What the configuration expects of a registration's certificates. Reads the private key, where one is named.
    package init(of registration: Registration, _ expected: RegistrationExpectations?) {
        self.init(
            role: registration.role, commonName: expected?.commonName,
            alternativeNames: expected?.alternativeNames ?? [], profile: registration.profile,
            key: expected?.keyFile.map(Self.key), securityLevel: expected?.securityLevel ?? .ofMachine)
    }

    /// A key that cannot be read has no bytes, which is what the finding then says.
    private static func key(at path: String) -> PrivateKeyFile {
        let content = try? RegularFile.content(of: path, limit: keyLimit)
        return PrivateKeyFile(path: path, permissions: content?.permissions ?? 0, pem: content?.bytes ?? [])
    }
}
