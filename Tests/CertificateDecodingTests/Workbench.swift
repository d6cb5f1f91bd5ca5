import CertificateDecoding
import Certificates
import TestSupport

/// A small PKI in files, and the tools that pack it as other software does.
final class Workbench {
    let directory: TemporaryDirectory
    let authority: TestAuthority
    let leaf: IssuedCertificate
    let decoder: CertificateDecoder

    /// Writes `ca.pem`, `ca-key.pem`, `leaf.pem` and `leaf-key.pem`.
    init() throws {
        directory = try TemporaryDirectory()
        authority = try TestPKI.authority("Lab CA")
        leaf = try authority.issue(.client, commonName: "device-1")
        decoder = try CertificateDecoder()
        try directory.write(authority.pem, to: "ca.pem")
        try directory.write(try authority.certificate.keyPEM, to: "ca-key.pem")
        try directory.write(leaf.pem, to: "leaf.pem")
        try directory.write(try leaf.keyPEM, to: "leaf-key.pem")
    }

    /// The CA's fingerprint and the leaf's.
    var both: Set<Fingerprint> { [authority.certificate.fingerprint, leaf.fingerprint] }

    func path(_ name: String) -> String { directory.path(of: name) }

    /// A tool's standard output.
    func output(of tool: String, _ arguments: String...) throws -> [UInt8] {
        try RequiredTool(tool).output(arguments)
    }

    func fingerprints(_ bytes: [UInt8], passphrase: String? = nil) -> Set<Fingerprint> {
        Set(decoder.bundle(bytes, passphrase: passphrase.map { Secret($0) }).certificates.map(\.fingerprint))
    }

    func reasons(_ bytes: [UInt8], passphrase: String? = nil) -> [Defect.Reason] {
        decoder.bundle(bytes, passphrase: passphrase.map { Secret($0) }).defects.map(\.reason)
    }
}
