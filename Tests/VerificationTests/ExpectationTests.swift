import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// Edge cases of the expectations for a certificate.
struct ExpectationTests {
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    @Test(arguments: [
        ("device-1", "device-1", true), ("device-*", "device-17", true), ("*", "", true),
        ("device-?", "device-", false),
        ("device-1", "device-11", false), ("Device-1", "device-1", false), ("*.example.com", "*.example.com", true),
        ("*-*-x", "a-b-c-x", true), ("a*b*c", "acb", false), ("?", "é", true), ("", "a", false), ("**a", "ba", true),
        (String(repeating: "*a", count: 40) + "b", String(repeating: "a", count: 4_000), false),
    ])
    func `a name is expected exactly or as a glob`(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern).matches(name) == matches)
    }

    @Test func `of several Common Names all have to be the expected one`() throws {
        let leaf = try lab.client { $0.subject = [[.commonName("admin")], [.commonName("device-1")]] }
        for name in ["admin", "device-1"] {
            let findings = try lab.findings(of: leaf, CertificateExpectations(commonName: NamePattern(name)))
            #expect(findings.map(\.code) == [.commonNameMismatch])
        }
        #expect(try lab.findings(of: leaf, CertificateExpectations(commonName: NamePattern("*"))).isEmpty)
    }

    @Test func `a NUL does not end a Common Name, and a missing one is no match`() throws {
        let leaf = try lab.client("device-1\u{0}.evil")
        let expectations = CertificateExpectations(commonName: NamePattern("device-1"))
        #expect(try lab.findings(of: leaf, expectations).map(\.code) == [.commonNameMismatch])
        let nameless = try lab.client { $0.subject = [[.organization("Lab")]] }
        let anything = CertificateExpectations(commonName: NamePattern("*"))
        #expect(try lab.findings(of: nameless, anything).map(\.code) == [.commonNameMismatch])
    }

    @Test func `the validity ends after notAfter, for the certificate and for its CA`() throws {
        let end = VerificationLab.now
        let issuing = try lab.intermediate { $0.notAfter = .at(end) }
        let leaf = try issuing.issue(.client, commonName: "a", notAfter: end)
        let then = try lab.findings(of: leaf, intermediates: [issuing.certificate], at: end)
        #expect(then.isEmpty, "\(then)")
        let later = try lab.findings(
            of: leaf, intermediates: [issuing.certificate], at: end + TimeSpan(seconds: 1))
        #expect(later.map(\.code) == [.issuerNotValid, .expired])
    }

    @Test func `a date that we read and OpenSSL does not is told, since nginx would refuse it`() throws {
        for (notAfter, isFine) in [("3001010000Z", false), ("300101000000Z", true)] {
            let leaf = try lab.client { $0.notAfter = .raw(notAfter, tag: 0x17) }
            let read = try #require(lab.decoder.verifiableBundle(leaf.der).certificates.first)
            #expect(read.certificate.validity.notAfter != nil)
            let check = try CertificateCheck(CertificateExpectations(), anchors: lab.read(lab.root.certificate))
            let codes = try check.findings(of: read, at: VerificationLab.now).map(\.code)
            #expect(codes == (isFine ? [] : [.unreadableDate]))
        }
    }

    @Test(arguments: [
        ("1.3.6.1.5.5.7.3.2", Role.client, true), ("1.3.6.1.5.5.7.3.2", .server, false),
        ("1.3.6.1.5.5.7.3.1", .server, true), ("1.3.6.1.5.5.7.3.1", .client, false), ("2.5.29.37.0", .client, false),
        ("1.3.6.1.5.5.7.3.4", .client, false), ("", .client, true), ("", .server, true),
    ])
    func `a role needs its extended key usage`(usage: String, role: Role, isFit: Bool) throws {
        let leaf = try lab.client {
            $0.extendedKeyUsages = usage.isEmpty ? [] : [usage]
            $0.alternativeNames = [.dns("a.example.com")]
        }
        let codes = try lab.findings(of: leaf, CertificateExpectations(role: role)).map(\.code)
        #expect(codes == (isFit ? [] : [.wrongPurpose]))
    }

    @Test func `a CA that may not sign certificates is no CA`() throws {
        let authority = try lab.intermediate { $0.keyUsage = 0x02 }
        let findings = try lab.findings(of: authority.certificate, CertificateExpectations(role: .ca))
        #expect(findings.map(\.code) == [.notAuthority])
        #expect(try lab.findings(of: lab.root.certificate, CertificateExpectations(role: .ca)).isEmpty)
    }

    @Test func `an intermediate is trusted without its root`() throws {
        let issuing = try lab.intermediate()
        let leaf = try issuing.issue(.client, commonName: "a")
        #expect(try lab.findings(of: leaf, anchors: [issuing.certificate]).isEmpty)
    }

    @Test func `an encrypted key is never asked for its passphrase`() throws {
        let directory = try TemporaryDirectory()
        let leaf = try lab.client()
        let plain = try directory.write(leaf.keyPEM, to: "plain.key")
        let encrypted = try RequiredTool("openssl").output(
            ["pkey", "-in", plain, "-aes256", "-passout", "pass:secret"])
        let key = PrivateKeyFile(path: "a.key", pem: encrypted)
        let findings = try lab.findings(of: leaf, CertificateExpectations(key: key))
        #expect(findings.map(\.code) == [.keyUnreadable])
    }
}
