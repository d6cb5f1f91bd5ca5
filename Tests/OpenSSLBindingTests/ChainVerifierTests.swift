import OpenSSLBinding
import TestSupport
import Testing

struct ChainVerifierTests {
    private static let now: Int64 = 1_800_000_000

    @Test func `a verified path runs from the leaf to the anchor`() throws {
        let root = try TestPKI.authority("Lab Root")
        let issuing = try root.intermediate("Lab Issuing")
        let leaf = try ParsedCertificate(der: issuing.issue(.client, commonName: "a").der)
        let middle = try ParsedCertificate(der: issuing.certificate.der)
        let anchor = try ParsedCertificate(der: root.certificate.der)
        let outcome = try ChainVerifier(anchors: [anchor]).verify(
            leaf, intermediates: [middle], purpose: .client, at: Self.now)
        #expect(outcome.failures.isEmpty)
        #expect(outcome.path.map(\.der) == [leaf, middle, anchor].map(\.der))
    }

    @Test func `one flaw does not hide the next`() throws {
        let root = try TestPKI.authority("Lab Root")
        let leaf = try ParsedCertificate(
            der: root.issue(
                .server, commonName: "a", notAfter: TestPKI.defaultNotBefore
            ).tampered.der)
        let outcome = try ChainVerifier(anchors: [ParsedCertificate(der: root.certificate.der)]).verify(
            leaf, purpose: .client, at: Self.now)
        #expect(Set(outcome.failures.map(\.reason)) == [.wrongPurpose, .outsideValidity, .signatureInvalid])
        #expect(outcome.failures.allSatisfy { $0.depth == 0 && !$0.text.isEmpty })
        #expect(OpenSSLError.drained(after: "nothing").entries.isEmpty)
    }

    @Test(arguments: [Int64(2_147_483_648), 4_102_444_800, 253_402_300_798])
    func `the time of verification has 64 bits`(seconds: Int64) throws {
        let root = try TestPKI.authority("Lab Root", notAfter: .noWellDefinedExpiry)
        let leaf = try ParsedCertificate(
            der: root.issue(.client, commonName: "a", notAfter: .noWellDefinedExpiry).der)
        let verifier = try ChainVerifier(anchors: [ParsedCertificate(der: root.certificate.der)])
        #expect(try verifier.verify(leaf, at: seconds).failures.isEmpty)
    }

    @Test func `without an anchor nothing is verified`() throws {
        let root = try ParsedCertificate(der: TestPKI.authority("Lab Root").certificate.der)
        let outcome = try ChainVerifier(anchors: []).verify(root, at: Self.now)
        #expect(outcome.failures.map(\.reason) == [.issuerUnknown])
    }

    @Test func `an issuer is known by its name, its right and its key`() throws {
        let root = try TestPKI.authority("Lab Root")
        let rekeyed = try TestPKI.authority("Lab Root")
        let leaf = try ParsedCertificate(der: root.issue(.client, commonName: "a").der)
        let issuer = try ParsedCertificate(der: root.certificate.der)
        let other = try ParsedCertificate(der: rekeyed.certificate.der)
        #expect(leaf.names(asIssuer: issuer) && leaf.signatureVerifies(byKeyOf: issuer))
        #expect(!leaf.names(asIssuer: other) && !leaf.signatureVerifies(byKeyOf: other))
        #expect(!issuer.names(asIssuer: leaf))
    }

    @Test func `what is not one whole certificate is refused`() throws {
        let der = try TestPKI.authority("Lab Root").certificate.der
        for bytes in [[], [0x30, 0x00], der + [0], Array(der.dropLast())] {
            #expect(throws: OpenSSLError.self) { _ = try ParsedCertificate(der: bytes) }
        }
    }

    @Test func `facts are those of the template`() throws {
        var template = CertificateTemplate(.authority, commonName: "Lab CA")
        template.pathLength = 2
        template.extendedKeyUsages = ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"]
        template.digest = .sha384
        let facts = try ParsedCertificate(der: TestPKI.authority(template, key: .rsa2048).certificate.der).facts
        #expect(facts.version == 3)
        #expect(facts.publicKey == .rsa(bits: 2_048))
        #expect(facts.signature == SignatureFacts(scheme: .rsa, digest: .sha384))
        #expect(facts.authority == .authority)
        #expect(facts.pathLength == 2)
        #expect(facts.extendedKeyUsage == [.client, .any])
        #expect(facts.isSelfIssued)
        #expect(facts.commonNames == ["Lab CA"])
        #expect(facts.issuerCommonNames == ["Lab CA"])
    }
}
