import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// Extensions that occur twice or are malformed: they are reported, and their consequences are not.
struct ExtensionFlawTests {
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    private static let keyUsage: [UInt8] = [0x03, 0x02, 0x07, 0x80]
    private static let serverAuth = DERWriter.sequence([DERWriter.objectIdentifier("1.3.6.1.5.5.7.3.1")])
    private static let name = DERWriter.sequence([DERWriter.element(0x82, Array("b.example.com".utf8))])

    /// A server's certificate with one more extension.
    private func server(_ identifier: String, _ value: [UInt8]) throws -> IssuedCertificate {
        var template = CertificateTemplate(.server, commonName: "a")
        template.alternativeNames = [.dns("a.example.com")]
        template.furtherExtensions = [CertificateTemplate.extension(identifier, value)]
        return try lab.root.issue(template)
    }

    private func findings(of leaf: IssuedCertificate) throws -> [CertificateFinding] {
        let read = try #require(lab.decoder.verifiableBundle(leaf.der).certificates.first)
        let list = try RevocationListSet(Array(lab.root.revocationList().utf8))
        return try CertificateCheck(
            CertificateExpectations(role: .server), anchors: lab.read(lab.root.certificate), revocationLists: list
        ).findings(of: read, at: VerificationLab.now)
    }

    @Test(arguments: [
        ("2.5.29.17", Self.name, "subjectAltName"),
        ("2.5.29.19", DERWriter.sequence([]), "basicConstraints"),
        ("2.5.29.15", Self.keyUsage, "keyUsage"),
        ("2.5.29.37", Self.serverAuth, "extendedKeyUsage"),
    ])
    func `a duplicate extension is the one finding, by its name`(
        identifier: String, value: [UInt8], name: String
    ) throws {
        let found = try findings(of: server(identifier, value))
        #expect(found.map(\.code) == [.extensionInvalid])
        #expect(
            found.first?.message == "its extension \(name) occurs more than once, which RFC 5280 4.2 forbids")
    }

    @Test func `a duplicate of an extension that OpenSSL does not know is one too`() throws {
        let unknown = CertificateTemplate.extension("1.2.3.4", [0x05, 0x00])
        let leaf = try lab.client { $0.furtherExtensions = [unknown, unknown] }
        let found = try findings(of: leaf).filter { $0.code == .extensionInvalid }
        #expect(found.first?.message == "its extension 1.2.3.4 occurs more than once, which RFC 5280 4.2 forbids")
    }

    /// Extensions that a certificate without a special purpose does not have yet.
    @Test(
        arguments: [
            ("2.5.29.17", [0x30, 0x05, 0x82, 0x01], "subjectAltName"),
            ("2.5.29.37", [0x30, 0x02, 0x06, 0x00], "extendedKeyUsage"),
            ("2.5.29.15", [0x03, 0x02, 0x07, 0x00], "keyUsage"),
            ("2.5.29.30", [0x04, 0x00], "nameConstraints"),
            ("2.5.29.31", [0x05, 0x00], "crlDistributionPoints"),
        ] as [(String, [UInt8], String)])
    func `a malformed extension is the one finding, by its name`(
        identifier: String, value: [UInt8], name: String
    ) throws {
        var template = CertificateTemplate(.any, commonName: "a")
        template.furtherExtensions = [CertificateTemplate.extension(identifier, value)]
        let found = try findings(of: lab.root.issue(template))
        #expect(found.map(\.code) == [.extensionInvalid])
        #expect(found.first?.message == "its extension \(name) is malformed")
    }

    @Test func `a CA with such an extension is named, and not called unknown`() throws {
        let issuing = try lab.intermediate {
            $0.furtherExtensions = [CertificateTemplate.extension("2.5.29.30", [0x04, 0x00])]
        }
        let found = try lab.findings(
            of: issuing.issue(.client, commonName: "a"), intermediates: [issuing.certificate])
        #expect(found.map(\.code) == [.pathInvalid])
        #expect(
            found.first?.message
                == "OpenSSL refuses its CA CN=Lab Issuing: its extension nameConstraints is malformed")
    }

    @Test func `verify judges nothing by extensions that cannot be read`() throws {
        let bundle = lab.decoder.verifiableBundle(try server("2.5.29.17", Self.name).der)
        let check = ForwardedCertificateCheck(
            CertificateExpectations(purpose: .server), anchors: try lab.read(lab.root.certificate))
        let report = try check.report(on: bundle, at: VerificationLab.now)
        #expect(!report.holds)
        #expect(report.results.map(\.check) == [.x509, .validity])
        #expect(report.results.map(\.holds) == [false, true])
        #expect(report.results.first?.message.contains("subjectAltName") == true)
    }

    @Test func `inspect shows what the extensions say, and names the flaw`() throws {
        let inspector = try CertificateInspector()
        let leaf = try server("2.5.29.17", Self.name)
        let inspected = try inspector.inspect(
            inspector.decoder.bundle(Array(leaf.pem.utf8)), at: VerificationLab.now)
        let shown = try #require(inspected.certificates.first)
        #expect(shown.extendedKeyUsages == ["serverAuth"])
        #expect(shown.certificate.subjectAlternativeNames == ["DNS:a.example.com", "DNS:b.example.com"])
        #expect(shown.findings.map(\.code) == [.extensionInvalid])
        #expect(inspected.defects.map(\.reason) == [.badExtension])
    }
}
