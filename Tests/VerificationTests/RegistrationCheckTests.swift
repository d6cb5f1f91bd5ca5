import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// The results of verification for a registration's certificates and lists.
struct RegistrationCheckTests {
    private static let now = VerificationLab.now
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    private func list(_ pem: String) throws -> RegistrationCheck.EncodedList {
        let bundle = lab.decoder.verifiableBundle(Array(pem.utf8))
        #expect(bundle.certificates.isEmpty)
        let decoder = try CertificateDecoder(keepsEncodings: true)
        let read = decoder.bundle(Array(pem.utf8))
        let list = try #require(read.revocationLists.first)
        return try RegistrationCheck.EncodedList(list, der: try #require(read.encodings[list.fingerprint]))
    }

    private func check(
        _ expectations: CertificateExpectations = CertificateExpectations(role: .client),
        anchors: [TestAuthority]? = nil, lists: [RegistrationCheck.EncodedList] = [], checksRevocation: Bool = false
    ) throws -> RegistrationCheck {
        try RegistrationCheck(
            expectations, anchors: lab.read((anchors ?? [lab.root]).map(\.certificate)), intermediates: [],
            lists: lists,
            checksRevocation: checksRevocation)
    }

    private func verdict(
        on leaf: IssuedCertificate, by check: RegistrationCheck, isCompanion: Bool = false
    ) throws -> RegistrationCheck.Verdict {
        try check.verdict(on: .parsed(lab.read(leaf)[0]), isCompanion: isCompanion, at: Self.now)
    }

    @Test func `a verdict names the CA that ends a certificate early, and all CAs that it needs`() throws {
        let ending = try TestPKI.authority("Ending", notAfter: Self.now + .days(20))
        let leaf = try ending.issue(.client, commonName: "a", notAfter: Self.now + .days(300))
        let verdict = try verdict(on: leaf, by: check(anchors: [ending]))
        let authority = ending.certificate.fingerprint
        #expect(verdict.earlyEnd?.expiry == Self.now + .days(20))
        #expect(verdict.earlyEnd?.culprit == authority)
        #expect(verdict.authorities == [authority])
        #expect(verdict.findings.map(\.code) == [.outlivesIssuer])
        #expect(verdict.reviewAt == Self.now + .days(20) + TimeSpan(seconds: 1))
    }

    @Test func `a stage is no finding`() throws {
        let expired = try lab.client { $0.notAfter = .at(Self.now - .days(1)) }
        #expect(try verdict(on: expired, by: check()).findings.isEmpty)
    }

    @Test func `of a companion nothing is expected`() throws {
        let expectations = CertificateExpectations(role: .client, commonName: NamePattern("device-*"))
        let companion = try lab.intermediate()
        let check = try check(expectations)
        #expect(try verdict(on: companion.certificate, by: check, isCompanion: true).findings.isEmpty)
        #expect(try verdict(on: companion.certificate, by: check).findings.map(\.code).contains(.commonNameMismatch))
    }

    @Test func `a list tells who is revoked, and whether it is current matters where verifiers check it`() throws {
        let leaf = try lab.client { $0.serial = [0x11] }
        let other = try lab.client { $0.serial = [0x12] }
        let stale = try list(lab.root.revocationList(revoking: [[0x11]], nextUpdate: Self.now - .days(1)))
        let lenient = try check(lists: [stale])
        #expect(try verdict(on: leaf, by: lenient).findings.map(\.code) == [.revoked])
        #expect(try verdict(on: other, by: lenient).findings.isEmpty)
        let strict = try check(lists: [stale], checksRevocation: true)
        #expect(try verdict(on: other, by: strict).findings.map(\.code) == [.revocationListNotCurrent])
        #expect(try verdict(on: other, by: strict).revocationList == stale.list.fingerprint)
    }

    @Test func `a certificate of an unknown CA is told as that alone`() throws {
        let stranger = try TestPKI.authority("Stranger").issue(.client, commonName: "a")
        let strict = try check(lists: [list(lab.root.revocationList())], checksRevocation: true)
        #expect(try verdict(on: stranger, by: strict).findings.map(\.code) == [.issuerUnknown])
    }

    @Test func `a list must have the signature of a registered CA, and dates of use`() throws {
        func codes(_ pem: String) throws -> [FindingCode] {
            try check().verdict(on: list(pem), at: Self.now).findings.map(\.code)
        }
        #expect(try codes(lab.root.revocationList()) == [])
        #expect(try codes(TestPKI.authority("Stranger").revocationList()) == [.listSignatureInvalid])
        // Another CA of the same name.
        #expect(try codes(TestPKI.authority("Lab Root").revocationList()) == [.listSignatureInvalid])
        #expect(try codes(lab.root.revocationList(thisUpdate: Self.now + .days(1))) == [.listNotYetCurrent])
        #expect(try codes(lab.root.revocationList(nextUpdate: nil)) == [.nextUpdateMissing])
        // A stale list is in its last stage, which is not a finding.
        #expect(try codes(lab.root.revocationList(nextUpdate: Self.now - .days(1))) == [])
    }
}
