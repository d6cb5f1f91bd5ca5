import Certificates
import Glibc
import TestSupport

/// A kind of problem of a certificate. Each has one registered certificate, at `Site.start`.
enum Trouble: CaseIterable {
    case expired, notYetValid, endsWithIssuer, unknownIssuer, foreignSignature, revoked, staleList, foreignKey, openKey
    case wrongName, missingAlternativeName, weakKey, weakSignature, wrongPurpose, noAuthority, expiredIssuer
    case repeatedSerialNumber, wideThreshold

    /// The code with which every command that can know it reports it.
    var code: FindingCode {
        switch self {
        case .expired: .expired
        case .notYetValid: .notYetValid
        case .endsWithIssuer: .outlivesIssuer
        case .unknownIssuer: .issuerUnknown
        case .foreignSignature: .signatureInvalid
        case .revoked: .revoked
        case .staleList: .revocationListNotCurrent
        case .foreignKey: .keyMismatch
        case .openKey: .keyReadableByOthers
        case .wrongName: .commonNameMismatch
        case .missingAlternativeName: .alternativeNameMissing
        case .weakKey: .weakKey
        case .weakSignature: .weakSignature
        case .wrongPurpose: .wrongPurpose
        case .noAuthority: .notAuthority
        case .expiredIssuer: .issuerNotValid
        case .repeatedSerialNumber: .duplicateSerialNumber
        case .wideThreshold: .thresholdTooWide
        }
    }

    /// The commands that cannot know it, as in docs/findings.md.
    var hiddenFrom: Set<EvaluatingCommand> {
        switch self {
        // A stage that was sent has no future notice.
        case .expired: [.forecast]
        case .notYetValid, .weakKey, .weakSignature: []
        // `inspect` has no registration, and neither CAs nor lists nor keys.
        case .endsWithIssuer, .unknownIssuer, .foreignSignature, .revoked, .staleList, .foreignKey, .openKey,
            .wrongName, .wrongPurpose, .noAuthority, .expiredIssuer:
            [.inspect]
        // `verify` has no option for names. Both check one certificate and have no thresholds.
        case .missingAlternativeName, .repeatedSerialNumber, .wideThreshold: [.inspect, .verify]
        }
    }

    /// The settings of the registration besides role, path and issuer.
    fileprivate var expectations: String {
        switch self {
        case .foreignKey, .openKey: ", key: cert.key"
        case .wrongName: ", common_name: somebody-else"
        case .missingAlternativeName: ", alternative_names: [\"DNS:api.example\"]"
        case .staleList: ", checks_revocation: true"
        case .expired, .notYetValid, .endsWithIssuer, .unknownIssuer, .foreignSignature, .revoked, .weakKey,
            .weakSignature, .wrongPurpose, .noAuthority, .expiredIssuer, .repeatedSerialNumber, .wideThreshold:
            ""
        }
    }

    /// The options of `verify` that correspond to the registration.
    var demands: [String] {
        switch self {
        case .foreignKey, .openKey: ["--key", "cert.key"]
        case .wrongName: ["--common-name", "somebody-else"]
        case .wrongPurpose: ["--purpose", "client"]
        case .noAuthority: ["--profile", "cloudflare-access"]
        case .revoked, .staleList: ["--crl", "ca.crl"]
        case .expired, .notYetValid, .endsWithIssuer, .unknownIssuer, .foreignSignature, .missingAlternativeName,
            .weakKey, .weakSignature, .expiredIssuer, .repeatedSerialNumber, .wideThreshold:
            []
        }
    }
}

extension Trouble {
    private static let day = Site.start

    /// Writes `cert.pem`, `cert.key`, `ca.pem`, `ca.crl` if needed, and a configuration that registers them.
    ///
    /// - Returns: the certificate with the problem.
    func arrange(in site: Site) throws -> IssuedCertificate {
        let authority = try authority()
        let certificate = try certificate(of: authority)
        let directory = site.directory
        try directory.write(authority.pem, to: "ca.pem")
        try directory.write(certificate.pem + (try companion(of: authority)), to: "cert.pem")
        let keyFile = try directory.write(try key(of: certificate), to: "cert.key")
        guard chmod(keyFile, self == .openKey ? 0o644 : 0o600) == 0 else { throw KeyModeNotSet() }
        if let list = try list(of: authority) { try directory.write(list, to: "ca.crl") }
        let role = self == .noAuthority ? "ca" : "client"
        let thresholds = self == .wideThreshold ? ", thresholds: [30d]" : ""
        try directory.write(
            """
            # A weak key is weak at any level, and refused besides at those that machines have.
            defaults: { security_level: 0 }
            certificates:
              - { name: issuing, role: ca, paths: [ca.pem\(try list(of: authority) == nil ? "" : ", ca.crl")] }
              - { name: fleet, role: \(role), paths: [cert.pem], issuer: issuing\(expectations)\(thresholds) }
            receivers:
              - { name: ops, webhook: { url: "\(site.ops.url)" } }
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        return certificate
    }

    private struct KeyModeNotSet: Error {}

    private func authority() throws -> TestAuthority {
        switch self {
        case .endsWithIssuer: try TestPKI.authority("Issuing", notAfter: Self.day + .days(100))
        case .expiredIssuer: try TestPKI.authority("Issuing", notAfter: Self.day - .days(1))
        default: try TestPKI.authority("Issuing")
        }
    }

    private func certificate(of authority: TestAuthority) throws -> IssuedCertificate {
        var template = CertificateTemplate(
            self == .wrongPurpose ? .server : .client, commonName: "device-1", notAfter: Self.day + .days(300))
        template.serial = [0x11]
        template.alternativeNames = [.dns("device-1.example")]
        switch self {
        case .expired: template.notAfter = .at(Self.day - .days(10))
        case .notYetValid: template.notBefore = .at(Self.day + .days(2))
        case .weakSignature: template.digest = .sha1
        case .wideThreshold:
            template.notBefore = .at(Self.day - .days(2))
            template.notAfter = .at(Self.day + .days(38))
        case .unknownIssuer: return try TestPKI.authority("Stranger").issue(template)
        case .foreignSignature: return try authority.issue(template).tampered
        case .weakKey: return try authority.issue(template, key: TestPKI.selfSigned(template, key: .rsa1024).key)
        default: break
        }
        return try authority.issue(template)
    }

    /// A second certificate with the same serial number.
    private func companion(of authority: TestAuthority) throws -> String {
        guard self == .repeatedSerialNumber else { return "" }
        var template = CertificateTemplate(.client, commonName: "device-2", notAfter: Self.day + .days(300))
        template.serial = [0x11]
        return try authority.issue(template).pem
    }

    private func key(of certificate: IssuedCertificate) throws -> String {
        try self == .foreignKey ? TestPKI.authority("Another").certificate.keyPEM : certificate.keyPEM
    }

    private func list(of authority: TestAuthority) throws -> String? {
        switch self {
        case .revoked: try authority.revocationList(revoking: [[0x11]])
        case .staleList: try authority.revocationList(nextUpdate: Self.day - .days(1))
        default: nil
        }
    }
}

/// The commands that evaluate a certificate.
enum EvaluatingCommand: CaseIterable {
    case check, list, inspect, verify, scan, explain, forecast

    /// The arguments for the files of `Trouble.arrange`.
    func arguments(for trouble: Trouble, _ certificate: IssuedCertificate) -> [String] {
        switch self {
        case .check: ["check", "--config", "notafter.yaml", "--json"]
        case .list: ["list", "--json"]
        case .inspect: ["inspect", "cert.pem", "--json"]
        case .verify: ["verify", "cert.pem", "--ca", "ca.pem", "--json"] + trouble.demands
        case .scan: ["scan", "--json"]
        case .explain: ["explain", "\(certificate.fingerprint)", "--json"]
        case .forecast: ["forecast", "--json"]
        }
    }
}
