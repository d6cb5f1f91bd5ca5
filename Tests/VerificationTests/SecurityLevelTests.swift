import Certificates
import OpenSSLBinding
import TestSupport
import Testing
import Verification

/// Weak keys and signatures anywhere in a path, at OpenSSL's security levels.
struct SecurityLevelTests {
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    private func expectations(_ level: Int) throws -> CertificateExpectations {
        CertificateExpectations(securityLevel: try #require(SecurityLevel(rawValue: level)))
    }

    @Test func `a CA signed with SHA-1 is named with algorithm and level`() throws {
        let issuing = try lab.intermediate { $0.digest = .sha1 }
        let leaf = try issuing.issue(.client, commonName: "a")
        func findings(_ level: Int) throws -> [CertificateFinding] {
            try lab.findings(of: leaf, expectations(level), intermediates: [issuing.certificate])
        }
        for level in [1, 2] {
            let found = try findings(level)
            #expect(found.map(\.code) == [.belowSecurityLevel])
            #expect(
                found.first?.message == "the signature of CN=Lab Issuing (ECDSA with SHA-1) is too weak for OpenSSL's "
                    + "security level \(level)")
        }
        #expect(try findings(0) == [])
    }

    @Test(arguments: [(VerificationLab.KeyKind.rsa1024, "RSA 1024"), (.p192, "EC prime192v1")])
    func `a CA with a weak key is named with algorithm and level`(
        kind: VerificationLab.KeyKind, key: String
    ) throws {
        let weak = try VerificationLab.certificate(withKey: kind).key
        let issuing = try lab.root.intermediate(CertificateTemplate(.authority, commonName: "Weak CA"), key: weak)
        let leaf = try issuing.issue(.client, commonName: "a")
        let found = try lab.findings(of: leaf, expectations(2), intermediates: [issuing.certificate])
        #expect(found.map(\.code) == [.belowSecurityLevel])
        #expect(
            found.first?.message == "the key of CN=Weak CA (\(key)) is too weak for OpenSSL's security level 2")
        #expect(try lab.findings(of: leaf, expectations(0), intermediates: [issuing.certificate]) == [])
    }

    @Test func `a trusted CA's key counts, and its signature does not`() throws {
        let weak = try TestPKI.authority(CertificateTemplate(.authority, commonName: "Weak Root"), key: .rsa1024)
        let leaf = try weak.issue(.client, commonName: "a")
        let found = try lab.findings(of: leaf, expectations(2), anchors: [weak.certificate])
        #expect(found.map(\.code) == [.belowSecurityLevel])
        var template = CertificateTemplate(.authority, commonName: "Old Root")
        template.digest = .sha1
        let old = try TestPKI.authority(template, key: .rsa2048)
        let fine = try lab.findings(
            of: old.issue(.client, commonName: "a"), expectations(2), anchors: [old.certificate])
        #expect(fine == [])
    }

    @Test func `several weak CAs are all named`() throws {
        let first = try lab.intermediate { $0.digest = .sha1 }
        var template = CertificateTemplate(.authority, commonName: "Lab Sub")
        template.digest = .sha1
        let second = try first.intermediate(template)
        let found = try lab.findings(
            of: second.issue(.client, commonName: "a"), expectations(2),
            intermediates: [first.certificate, second.certificate])
        #expect(found.map(\.code) == [.belowSecurityLevel, .belowSecurityLevel])
    }

    @Test func `the default is the level of this machine's OpenSSL`() throws {
        #expect(CertificateExpectations().securityLevel == .ofMachine)
        #expect(SecurityLevel.range.contains(SecurityLevel.ofMachine.rawValue))
        #expect(SecurityLevel(rawValue: 6) == nil)
    }
}
