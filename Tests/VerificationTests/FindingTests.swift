import CertificateDecoding
import Certificates
import OpenSSLBinding
import TestSupport
import Testing
import Verification

/// For each finding a certificate that has it.
struct FindingTests {
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    /// Misfits of thresholds are tested in ThresholdMisfitTests.
    @Test(arguments: FindingCode.all(about: .certificate).filter { $0 != .thresholdTooWide })
    func `a certificate with a flaw has its finding`(code: FindingCode) throws {
        let findings = try flawed(code)
        let finding = try #require(findings.first { $0.code == code }, "\(findings)")
        #expect(!finding.message.isEmpty && !finding.remedy.isEmpty)
    }

    @Test func `a certificate without a flaw has no finding`() throws {
        let issuing = try lab.intermediate { $0.pathLength = 0 }
        let key = try VerificationLab.certificate(withKey: .rsa2048).key
        let leaf = try issuing.issue(
            .client, commonName: "device-1", alternativeNames: [.dns("a.example.com")], key: key)
        let expectations = CertificateExpectations(
            role: .client, commonName: NamePattern("device-?"), issuerCommonName: NamePattern("Lab Issuing"),
            alternativeNames: ["DNS:A.example.com", "a.example.com"], fingerprint: leaf.fingerprint,
            key: PrivateKeyFile(path: "a.key", pem: Array(try leaf.keyPEM.utf8)))
        let findings = try lab.findings(
            of: leaf, expectations, intermediates: [issuing.certificate],
            revocationListPEM: issuing.revocationList(revoking: [[0x11]]))
        #expect(findings.isEmpty, "\(findings)")
    }

    /// All findings of a certificate that has this flaw.
    private func flawed(_ code: FindingCode) throws -> [CertificateFinding] {
        switch code {
        case .issuerUnknown, .signatureInvalid, .pathLengthExceeded, .nameConstraintsViolated, .issuerNotAuthority,
            .issuerNotValid, .pathInvalid:
            try flawedPath(code)
        case .belowSecurityLevel:
            try lab.findings(
                of: lab.client { $0.digest = .sha1 },
                CertificateExpectations(securityLevel: #require(SecurityLevel(rawValue: 2))))
        case .extensionInvalid:
            try lab.findings(
                of: lab.client {
                    let unknown = CertificateTemplate.extension("1.2.3.4", DERWriter.octetString([]))
                    $0.furtherExtensions = [unknown, unknown]
                })
        case .revoked, .revocationListMissing, .revocationListNotCurrent, .revocationListInvalid:
            try flawedRevocation(code)
        case .notYetValid:
            try lab.findings(of: lab.client { $0.notBefore = .at(VerificationLab.now + .days(1)) })
        case .expired: try lab.findings(of: lab.client { $0.notAfter = .at(VerificationLab.now - .days(1)) })
        case .unreadableDate: try unreadable()
        case .outlivesIssuer: try lab.findings(of: lab.client { $0.notAfter = .at(.noWellDefinedExpiry) })
        case .wrongPurpose: try lab.findings(of: lab.client(), CertificateExpectations(role: .server))
        case .notAuthority: try lab.findings(of: lab.client(), CertificateExpectations(role: .ca))
        case .weakKey, .weakSignature: try weak(code)
        case .signatureNotAllowed, .keyNotAllowed, .versionNotAllowed: try notAllowed(code)
        case .keyUnreadable, .keyMismatch, .keyReadableByOthers: try flawedKey(code)
        case .commonNameMismatch:
            try lab.findings(of: lab.client(), CertificateExpectations(commonName: NamePattern("gateway-*")))
        case .alternativeNameMissing:
            try lab.findings(of: lab.client(), CertificateExpectations(alternativeNames: ["DNS:a.example.com"]))
        case .issuerMismatch:
            try lab.findings(of: lab.client(), CertificateExpectations(issuerCommonName: NamePattern("Other Root")))
        case .fingerprintMismatch:
            try lab.findings(
                of: lab.client(), CertificateExpectations(fingerprint: lab.root.certificate.fingerprint))
        case .duplicateSerialNumber: try duplicated()
        default: []
        }
    }

    /// The decoder reports an unreadable date and still lists the certificate.
    private func unreadable() throws -> [CertificateFinding] {
        let leaf = try lab.client { $0.notAfter = .raw("281301000000Z", tag: 0x17) }
        let read = try #require(lab.decoder.verifiableBundle(leaf.der).certificates.first)
        let check = try CertificateCheck(CertificateExpectations(), anchors: lab.read(lab.root.certificate))
        return try check.findings(of: read, at: VerificationLab.now)
    }

    private func flawedPath(_ code: FindingCode) throws -> [CertificateFinding] {
        switch code {
        case .signatureInvalid:
            return try lab.findings(of: lab.client().tampered)
        case .pathLengthExceeded:
            let first = try lab.intermediate { $0.pathLength = 0 }
            let second = try first.intermediate("Lab Sub")
            return try lab.findings(
                of: second.issue(.client, commonName: "a"),
                intermediates: [first.certificate, second.certificate])
        case .nameConstraintsViolated:
            let issuing = try lab.intermediate {
                $0.furtherExtensions = [CertificateTemplate.nameConstraints(permitting: "example.com")]
            }
            return try lab.findings(
                of: issuing.issue(.client, commonName: "a", alternativeNames: [.dns("a.example.org")]),
                intermediates: [issuing.certificate])
        case .issuerNotAuthority:
            let issuing = try lab.intermediate { $0.isCA = false }
            return try lab.findings(
                of: issuing.issue(.client, commonName: "a"), intermediates: [issuing.certificate])
        case .issuerNotValid:
            let issuing = try lab.intermediate { $0.notAfter = .at(VerificationLab.now - TimeSpan(seconds: 1)) }
            return try lab.findings(
                of: issuing.issue(.client, commonName: "a"), intermediates: [issuing.certificate])
        case .pathInvalid:
            return try lab.findings(
                of: lab.client {
                    $0.furtherExtensions = [
                        CertificateTemplate.extension("1.2.3.4", DERWriter.octetString([]), isCritical: true)
                    ]
                })
        default:
            return try lab.findings(of: TestPKI.authority("Other Root").issue(.client, commonName: "a"))
        }
    }

    private func flawedRevocation(_ code: FindingCode) throws -> [CertificateFinding] {
        let leaf = try lab.client { $0.serial = [0x42] }
        let list =
            switch code {
            case .revoked: try lab.root.revocationList(revoking: [[0x42]])
            case .revocationListNotCurrent: try lab.root.revocationList(nextUpdate: VerificationLab.now - .days(1))
            case .revocationListMissing: try TestPKI.authority("Other Root").revocationList()
            default: try TestPKI.authority("Lab Root").revocationList()
            }
        return try lab.findings(of: leaf, revocationListPEM: list)
    }

    private func weak(_ code: FindingCode) throws -> [CertificateFinding] {
        guard code == .weakKey else { return try lab.findings(of: lab.client { $0.digest = .sha1 }) }
        return try lab.findings(
            of: lab.root.issue(
                .client, commonName: "a", key: VerificationLab.certificate(withKey: .rsa1024).key))
    }

    private func notAllowed(_ code: FindingCode) throws -> [CertificateFinding] {
        var template = CertificateTemplate(.authority, commonName: "Uploaded")
        switch code {
        case .versionNotAllowed: template.version = nil
        case .keyNotAllowed: return try profileFindings(of: TestPKI.authority(template, key: .rsa1024))
        default: template.digest = .sha1
        }
        return try profileFindings(of: TestPKI.authority(template))
    }

    private func profileFindings(of authority: TestAuthority) throws -> [CertificateFinding] {
        try lab.findings(of: authority.certificate, CertificateExpectations(profile: .awsTrustStore), anchors: [])
    }

    private func flawedKey(_ code: FindingCode) throws -> [CertificateFinding] {
        let leaf = try lab.client()
        let pem =
            switch code {
            case .keyMismatch: try lab.root.certificate.keyPEM
            case .keyUnreadable: leaf.pem
            default: try leaf.keyPEM
            }
        let mode = code == .keyReadableByOthers ? "0644" : nil
        return try lab.findings(
            of: leaf,
            CertificateExpectations(key: PrivateKeyFile(path: "a.key", openMode: mode, pem: Array(pem.utf8))))
    }

    private func duplicated() throws -> [CertificateFinding] {
        let twins = try (0..<2).map { index in try lab.client("device-\(index)") { $0.serial = [0x07] } }
        let others = try (0..<2).map { index in try lab.client("device-\(index)") { $0.serial = [UInt8(index + 1)] } }
        let certificates = try lab.read(twins + others + [twins[0]]).map(\.certificate)
        let findings = DuplicateSerialNumbers.findings(in: certificates)
        #expect(Set(findings.keys) == Set(twins.map(\.fingerprint)))
        return Array(findings.values)
    }
}
