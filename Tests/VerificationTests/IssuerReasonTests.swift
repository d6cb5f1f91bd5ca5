import CertificateDecoding
import Certificates
import OpenSSLBinding
import TestSupport
import Testing
import Verification

/// Why a CA with the right name is not accepted as the issuer: reported with that reason, and not as an unknown issuer.
struct IssuerReasonTests {
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    /// ML-DSA-65 (RFC 9881)
    private static let postQuantum = "2.16.840.1.101.3.4.3.18"

    /// A certificate with any algorithms, and without a real key or signature.
    private func certificate(
        _ subject: String, by issuer: String, algorithm: String, isCA: Bool
    ) throws -> VerifiableCertificate {
        let identifier = DERWriter.sequence([DERWriter.objectIdentifier(algorithm)])
        let constraints = CertificateTemplate.extension(
            "2.5.29.19", DERWriter.sequence(isCA ? [DERWriter.true] : []), isCritical: true)
        let toBeSigned = DERWriter.sequence([
            DERWriter.context(0, DERWriter.integer(octets: [2])), DERWriter.integer(octets: [1]), identifier,
            CertificateTemplate.name([[.commonName(issuer)]]),
            DERWriter.sequence([
                DERWriter.element(0x17, Array("200101000000Z".utf8)),
                DERWriter.element(0x17, Array("490101000000Z".utf8)),
            ]),
            CertificateTemplate.name([[.commonName(subject)]]),
            DERWriter.sequence([identifier, DERWriter.bitString([UInt8](repeating: 7, count: 32))]),
            DERWriter.context(3, DERWriter.sequence([constraints])),
        ])
        let der = DERWriter.sequence([
            toBeSigned, identifier, DERWriter.bitString([UInt8](repeating: 9, count: 32)),
        ])
        return try #require(lab.decoder.verifiableBundle(der).certificates.first)
    }

    @Test func `an algorithm that OpenSSL does not know is named, and no issuer called unknown`() throws {
        let root = try certificate("PQ Root", by: "PQ Root", algorithm: Self.postQuantum, isCA: true)
        let leaf = try certificate("a", by: "PQ Root", algorithm: Self.postQuantum, isCA: false)
        #expect(leaf.certificate.signatureAlgorithm == "ML-DSA-65")
        func findings(_ level: Int) throws -> [CertificateFinding] {
            let expectations = CertificateExpectations(securityLevel: try #require(SecurityLevel(rawValue: level)))
            return try CertificateCheck(expectations, anchors: [root]).findings(of: leaf, at: VerificationLab.now)
        }
        let found = try findings(0)
        #expect(found.map(\.code) == [.pathInvalid])
        #expect(
            found.first?.message
                == "OpenSSL \(OpenSSLVersion.text) does not verify ML-DSA-65, the kind of key of "
                + "CN=PQ Root")
        let strict = try findings(2)
        #expect(Set(strict.map(\.code)) == [.pathInvalid])
        #expect(strict.contains { $0.message.contains("does not verify ML-DSA-65") })
    }

    @Test func `a CA that may not sign is named as such`() throws {
        // Only digitalSignature.
        let issuing = try lab.intermediate { $0.keyUsage = 0x80 }
        let found = try lab.findings(
            of: issuing.issue(.client, commonName: "a"), intermediates: [issuing.certificate])
        #expect(found.map(\.code) == [.issuerNotAuthority])
    }

    @Test func `a server's certificate without an alternative name is told, as inspect tells it`() throws {
        let bare = try lab.root.issue(.server, commonName: "a.example.com")
        #expect(
            try lab.findings(of: bare, CertificateExpectations(purpose: .server)).map(\.code)
                == [.alternativeNameMissing])
        #expect(try lab.findings(of: bare).map(\.code) == [.alternativeNameMissing])
        #expect(try lab.findings(of: bare, CertificateExpectations(purpose: .any)) == [])
        #expect(try lab.findings(of: lab.client()) == [])
        let named = try lab.root.issue(.server, commonName: "a", alternativeNames: [.dns("a.example.com")])
        #expect(try lab.findings(of: named, CertificateExpectations(purpose: .server)) == [])
    }

    @Test func `a CA of --untrusted stands in the path and is not trusted`() throws {
        let issuing = try lab.intermediate()
        let bundle = VerifiableBundle(certificates: try lab.read(try issuing.issue(.client, commonName: "a")))
        let between = try lab.read(issuing.certificate)
        let trusted = ForwardedCertificateCheck(
            CertificateExpectations(), anchors: try lab.read(lab.root.certificate), intermediates: between)
        #expect(try trusted.report(on: bundle, at: VerificationLab.now).holds)
        let other = try lab.read(TestPKI.authority("Other Root").certificate)
        let untrusted = ForwardedCertificateCheck(CertificateExpectations(), anchors: other, intermediates: between)
        #expect(try !untrusted.report(on: bundle, at: VerificationLab.now).holds)
    }
}
