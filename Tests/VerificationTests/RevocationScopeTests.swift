import Certificates
import TestSupport
import Testing
import Verification

/// Lists about other certificates, or signed by another key of the CA.
struct RevocationScopeTests {
    private static let revokedAt = VerificationLab.now - .days(3)
    private let lab: VerificationLab
    private let leaf: IssuedCertificate

    init() throws {
        lab = try VerificationLab()
        leaf = try lab.client { $0.serial = [0x42] }
    }

    @Test func `a list that another key of the CA signed keeps date and reason`() throws {
        // The CA has a new key, for which the old one has signed a certificate.
        let rekeyed = try TestPKI.authority("Lab Root")
        let rollover = try rekeyed.crossSigned(by: lab.root, notAfter: TestPKI.defaultNotAfter)
        var template = CertificateTemplate(.client, commonName: "device-2")
        template.serial = [0x43]
        let list = try lab.root.revocationList {
            $0.keyIdentifier = .ofSigner
            $0.entries = [RevocationListTemplate.Entry([0x43], revokedAt: Self.revokedAt, reason: 1)]
        }
        let found = try lab.findings(
            of: rekeyed.issue(template), intermediates: [rollover.certificate], revocationListPEM: list)
        #expect(found.map(\.code) == [.revoked])
        #expect(found.first?.revocation?.revokedAt == Self.revokedAt)
        #expect(found.first?.revocation?.reason == .keyCompromise)
    }

    /// The fields of the issuingDistributionPoint, and the report about a list with it.
    @Test(arguments: [
        (DERWriter.element(0x82, [0xFF]), "the lists of CN=Lab Root are about other certificates than it"),
        (DERWriter.element(0x84, [0xFF]), "the list of CN=Lab Root is an indirect one"),
        (DERWriter.element(0x83, [0x06, 0x40]), "the list of CN=Lab Root covers some reasons of revocation only"),
    ])
    func `a list of another scope is named as such, and not as missing`(field: [UInt8], message: String) throws {
        let list = try lab.root.revocationList {
            $0.furtherExtensions = [RevocationListTemplate.issuingDistributionPoint(field)]
        }
        let found = try lab.findings(of: leaf, revocationListPEM: list)
        #expect(found.map(\.code) == [.revocationListMissing])
        #expect(found.first?.message.hasPrefix(message) == true, "\(found)")
    }

    @Test func `a list that bears the CA's name and no key of it is not called missing`() throws {
        let foreign = try TestPKI.authority("Lab Root").revocationList { $0.keyIdentifier = .ofSigner }
        let found = try lab.findings(of: leaf, revocationListPEM: foreign)
        #expect(found.map(\.code) == [.revocationListInvalid])
        #expect(found.first?.message == "the list of CN=Lab Root is not signed by a CA of that name in the path")
    }
}
