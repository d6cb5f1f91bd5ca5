import CertificateDecoding
import Certificates
import OpenSSLBinding
import TestSupport
import Testing
import Verification

/// Edge cases of keys, signatures and the profiles of services.
struct StrengthTests {
    private let lab: VerificationLab
    /// OpenSSL's security levels are a separate finding (SecurityLevelTests).
    private let anyStrength: CertificateExpectations

    init() throws {
        lab = try VerificationLab()
        anyStrength = CertificateExpectations(securityLevel: try #require(SecurityLevel(rawValue: 0)))
    }

    @Test(arguments: VerificationLab.KeyKind.allCases)
    func `short keys and DSA are weak, and no others`(kind: VerificationLab.KeyKind) throws {
        let leaf = try lab.root.issue(
            .client, commonName: "a", key: VerificationLab.certificate(withKey: kind).key)
        let isWeak = [.rsa1024, .dsa1024, .p192].contains(kind)
        #expect(try lab.findings(of: leaf, anyStrength).map(\.code) == (isWeak ? [.weakKey] : []))
    }

    @Test func `MD5 is weak, and a root's signature over itself does not matter`() throws {
        var template = CertificateTemplate(.authority, commonName: "Old Root")
        template.digest = .md5
        let root = try TestPKI.authority(template, key: .rsa2048)
        #expect(try lab.findings(of: root.certificate, anyStrength, anchors: [root.certificate]).isEmpty)
        var leaf = CertificateTemplate(.client, commonName: "a")
        leaf.digest = .md5
        let findings = try lab.findings(of: root.issue(leaf), anyStrength, anchors: [root.certificate])
        #expect(findings.map(\.code) == [.weakSignature])
    }

    /// The services that accept a CA with this key and digest.
    @Test(arguments: [
        (VerificationLab.KeyKind.rsa2048, AuthorityProfile.allCases), (.p384, AuthorityProfile.allCases),
        (.rsa1024, [.cloudflareAccess]), (.p192, [.cloudflareAccess]), (.ed25519, []), (.dsa1024, []),
    ])
    func `a service takes the keys that it says it takes`(
        kind: VerificationLab.KeyKind, takers: [AuthorityProfile]
    ) throws {
        let template = CertificateTemplate(.authority, commonName: "Uploaded")
        let authority =
            switch kind {
            case .rsa2048: try TestPKI.authority(template, key: .rsa2048)
            case .rsa1024: try TestPKI.authority(template, key: .rsa1024)
            case .p384: try TestPKI.authority(template, key: .p384)
            case .p192: try TestPKI.authority(template, key: .p192)
            case .ed25519: try TestPKI.authority(template, key: .ed25519)
            case .dsa1024: try TestPKI.authority(template, key: .dsa1024)
            }
        let found = try AuthorityProfile.allCases.filter { profile in
            try lab.findings(of: authority.certificate, CertificateExpectations(profile: profile), anchors: [])
                .allSatisfy { $0.severity == .warning }
        }
        #expect(found == takers)
    }

    @Test func `Cloudflare takes SHA-1 and AWS does not, and neither takes a leaf`() throws {
        var template = CertificateTemplate(.authority, commonName: "Uploaded")
        template.digest = .sha1
        let authority = try TestPKI.authority(template, key: .rsa2048)
        func codes(_ certificate: IssuedCertificate, _ profile: AuthorityProfile) throws -> [FindingCode] {
            try lab.findings(of: certificate, CertificateExpectations(profile: profile), anchors: []).map(\.code)
        }
        #expect(try codes(authority.certificate, .cloudflareAccess) == [])
        #expect(try codes(authority.certificate, .awsTrustStore) == [.signatureNotAllowed])
        for profile in AuthorityProfile.allCases {
            #expect(try codes(lab.client(), profile) == [.notAuthority])
        }
    }
}
