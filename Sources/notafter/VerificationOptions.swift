import ArgumentParser
import CertificateDecoding
import Certificates
import FileReading
import Monitor
import OpenSSLBinding
import Scanning
import Verification

/// The options of `verify`: the expectations, and the CAs and lists to verify with.
struct VerificationOptions: ParsableArguments {
    /// Larger than any CA file or revocation list in practice.
    static let byteLimit = 8 << 20

    @Option(help: ArgumentHelp("Trust the CAs in this file, roots or not. May be repeated.", valueName: "FILE"))
    var ca: [String] = []

    @Option(
        help: ArgumentHelp(
            "CAs in this file may stand in the path without being trusted. May be repeated.", valueName: "FILE"))
    var untrusted: [String] = []

    @Option(
        help: ArgumentHelp(
            "OpenSSL's security level of the verifier, 0 to 5; by default that of this machine.", valueName: "LEVEL"))
    var securityLevel: SecurityLevel = .ofMachine

    @Option(
        name: .customLong("common-name"),
        help: ArgumentHelp("Expect this Common Name, exactly or as a glob.", valueName: "CN"))
    var commonName: String?

    @Option(help: ArgumentHelp("Expect an issuer with this Common Name, exactly or as a glob.", valueName: "CN"))
    var issuer: String?

    @Option(
        help: ArgumentHelp("Refuse certificates that this CRL revokes. May be repeated; needs --ca.", valueName: "FILE")
    )
    var crl: [String] = []

    @Option(help: ArgumentHelp("Expect this SHA-256 of the certificate.", valueName: "HEX"))
    var fingerprint: Fingerprint?

    @Option(help: ArgumentHelp("Expect a certificate for a client or a server.", valueName: "PURPOSE"))
    var purpose: CertificatePurpose = .any

    @Option(help: ArgumentHelp("Expect that this is its private key.", valueName: "FILE"))
    var key: String?

    @Option(help: ArgumentHelp("Open the key with the first line of this file.", valueName: "FILE"))
    var keyPassphraseFile: String?

    @Option(help: ArgumentHelp("Expect a CA that this service accepts.", valueName: "NAME"))
    var profile: AuthorityProfile?

    func validate() throws {
        guard key != nil || keyPassphraseFile == nil else {
            throw ValidationError("--key-passphrase-file needs --key.")
        }
        guard crl.isEmpty || !ca.isEmpty else { throw ValidationError("--crl needs --ca: a list is signed by its CA.") }
    }

    /// Reads all files.
    ///
    /// - Parameters:
    ///   - decoder: reads the CA files.
    ///   - passphrase: the passphrase of trust stores among them.
    /// - Returns: the configured check.
    /// - Throws: `UnusableInput` for a file without the expected content.
    func check(_ decoder: CertificateDecoder, passphrase: Secret?) throws(UnusableInput) -> ForwardedCertificateCheck {
        let anchors = try Self.certificates(in: ca, decoder, passphrase)
        let intermediates = try Self.certificates(in: untrusted, decoder, passphrase)
        var lists: [RevocationListSet] = []
        for path in crl {
            let bytes = try Self.content(of: path).bytes
            do throws(UnreadableRevocationList) {
                lists.append(try RevocationListSet(bytes))
            } catch {
                throw UnusableInput(name: path, reason: error.description)
            }
        }
        var expectations = CertificateExpectations(
            purpose: purpose, commonName: commonName.map(NamePattern.init),
            issuerCommonName: issuer.map(NamePattern.init), fingerprint: fingerprint, profile: profile)
        expectations.securityLevel = securityLevel
        if let key {
            expectations.key = PrivateKeyFile(
                path: key, try Self.content(of: key), passphrase: try keyPassphraseFile.map(FilePath.init).passphrase())
        }
        return ForwardedCertificateCheck(
            expectations, anchors: anchors, intermediates: intermediates,
            revocationLists: RevocationListSet(joining: lists))
    }

    /// All certificates of some files, each of which must contain one.
    private static func certificates(
        in paths: [String], _ decoder: CertificateDecoder, _ passphrase: Secret?
    ) throws(UnusableInput) -> [VerifiableCertificate] {
        var certificates: [VerifiableCertificate] = []
        for path in paths {
            let bundle = decoder.verifiableBundle(try content(of: path).bytes, passphrase: passphrase)
            for defect in bundle.defects { StandardError.print("notafter: \(path): \(defect.message)") }
            guard !bundle.certificates.isEmpty else { throw UnusableInput(name: path, reason: "holds no certificate") }
            certificates += bundle.certificates
        }
        return certificates
    }

    /// The file at `path`.
    static func content(of path: String) throws(UnusableInput) -> RegularFile.Content {
        do throws(RegularFile.Failure) {
            return try RegularFile.content(of: path, limit: byteLimit)
        } catch {
            throw UnusableInput(name: path, reason: error.clause)
        }
    }
}

extension FilePath? {
    /// The passphrase in the file; nil if no file is named.
    ///
    /// - Throws: why it cannot be read.
    func passphrase() throws(UnusableInput) -> Secret? {
        switch Passphrase(file: self) {
        case .none: return nil
        case .given(let secret): return secret
        case .unreadable(let defect): throw UnusableInput(name: self?.description ?? "", reason: defect.message)
        }
    }
}

/// A file or argument on the command line without the expected content.
struct UnusableInput: Error, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { "\(name): \(reason)" }
}

extension CertificatePurpose: ExpressibleByArgument {}

extension SecurityLevel: ExpressibleByArgument {
    public init?(argument: String) {
        guard let level = Int(argument) else { return nil }
        self.init(rawValue: level)
    }

    public var defaultValueDescription: String { "\(rawValue)" }
}

extension AuthorityProfile: ExpressibleByArgument {}

extension Fingerprint: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(hexadecimal: argument)
    }
}
