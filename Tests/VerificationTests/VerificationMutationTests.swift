import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// Untrusted bytes must never stop the process, and never verify.
struct VerificationMutationTests {
    @Test func `no mutation of a certificate stops the check, and none verifies`() throws {
        let lab = try VerificationLab()
        let issuing = try lab.intermediate()
        let leaf = try issuing.issue(
            .client, commonName: "device-1", alternativeNames: [.dns("a.example.com"), .ip([10, 0, 0, 1])])
        let check = try CertificateCheck(
            CertificateExpectations(role: .client, commonName: NamePattern("*"), profile: .awsTrustStore),
            anchors: lab.read(lab.root.certificate), intermediates: lab.read(issuing.certificate))
        var generator = SeededGenerator(seed: 3)
        var verified = 0
        var refused = 0
        for _ in 0..<1_500 {
            let bytes = mutated(leaf.der, &generator)
            for certificate in lab.decoder.verifiableBundle(bytes).certificates {
                let findings = try check.findings(of: certificate, at: VerificationLab.now)
                // OpenSSL rejects a key that is not a point of its curve before it verifies the signature.
                let isRefused = findings.contains {
                    [.signatureInvalid, .issuerUnknown, .pathInvalid, .extensionInvalid].contains($0.code)
                }
                refused += isRefused ? 1 : 0
                verified += isRefused || certificate.der == leaf.der ? 0 : 1
            }
        }
        #expect(refused > 200)
        #expect(verified == 0)
    }

    @Test func `no mutation of an issuer stops the search for paths`() throws {
        let lab = try VerificationLab()
        let issuing = try lab.intermediate()
        let leaf = try lab.read(issuing.issue(.client, commonName: "device-1"))[0]
        let anchors = try lab.read(lab.root.certificate)
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let pool = lab.decoder.verifiableBundle(mutated(issuing.certificate.der, &generator)).certificates
            _ = EffectiveExpirySearch(anchors: anchors, intermediates: pool)
                .effectiveExpiry(of: leaf, at: VerificationLab.now)
            let check = try CertificateCheck(CertificateExpectations(), anchors: anchors, intermediates: pool)
            _ = try check.findings(of: leaf, at: VerificationLab.now)
        }
    }

    @Test func `no mutation of a revocation list stops its reader`() throws {
        let lab = try VerificationLab()
        let list = Array(try lab.root.revocationList(revoking: [[1], [2]]).utf8)
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<4_000 {
            // Most cannot be parsed, which is irrelevant here.
            _ = try? RevocationListSet(mutated(list, &generator))
        }
    }
}
