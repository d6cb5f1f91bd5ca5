import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// When a certificate stops working.
struct EffectiveExpiryTests {
    private static let now = VerificationLab.now
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    private func effectiveExpiry(
        of leaf: IssuedCertificate, anchors: [TestAuthority], intermediates: [TestAuthority] = []
    ) throws -> EffectiveExpiry {
        let search = EffectiveExpirySearch(
            anchors: try lab.read(anchors.map(\.certificate)),
            intermediates: try lab.read(intermediates.map(\.certificate)))
        return search.effectiveExpiry(of: try lab.read(leaf)[0], at: Self.now)
    }

    private func culprit(_ expiry: EffectiveExpiry) -> Fingerprint? {
        guard case .issuer(let certificate) = expiry.because else { return nil }
        return certificate.fingerprint
    }

    @Test func `a certificate ends by itself where its CAs last longer`() throws {
        let leaf = try lab.root.issue(.client, commonName: "a", notAfter: Self.now + .days(40))
        let found = try effectiveExpiry(of: leaf, anchors: [lab.root])
        #expect(found.expiry == .at(Self.now + .days(40)))
        #expect(found.because == .itself)
        #expect(found.path.map(\.fingerprint) == [leaf.fingerprint, lab.root.certificate.fingerprint])
    }

    @Test func `a certificate ends with the CA that it cannot do without`() throws {
        let issuing = try lab.root.intermediate("Lab Issuing", notAfter: Self.now + .days(20))
        let leaf = try issuing.issue(.client, commonName: "a", notAfter: Self.now + .days(40))
        let found = try effectiveExpiry(of: leaf, anchors: [lab.root], intermediates: [issuing])
        #expect(found.expiry == .at(Self.now + .days(20)))
        #expect(culprit(found) == issuing.certificate.fingerprint)
    }

    @Test func `a renewed CA of the same name and key takes over`() throws {
        let old = try TestPKI.authority("Lab CA", notAfter: Self.now + .days(20))
        let renewed = try old.renewed(notAfter: Self.now + .days(2_000))
        let leaf = try old.issue(.client, commonName: "a", notAfter: Self.now + .days(40))
        let found = try effectiveExpiry(of: leaf, anchors: [old, renewed])
        #expect(found.expiry == .at(Self.now + .days(40)))
        #expect(found.because == .itself)
    }

    @Test func `a renewed CA that is not yet valid, or has another key, does not count`() throws {
        let old = try TestPKI.authority("Lab CA", notAfter: Self.now + .days(20))
        let future = try old.renewed(notBefore: Self.now + .days(1), notAfter: Self.now + .days(2_000))
        let other = try TestPKI.authority("Lab CA")
        let leaf = try old.issue(.client, commonName: "a", notAfter: Self.now + .days(40))
        let found = try effectiveExpiry(of: leaf, anchors: [old, future, other])
        #expect(found.expiry == .at(Self.now + .days(20)))
        #expect(culprit(found) == old.certificate.fingerprint)
    }

    @Test func `a longer path through a cross-signed CA counts where it lasts longer`() throws {
        let newRoot = try TestPKI.authority("New Root", notAfter: Self.now + .days(100))
        let oldRoot = try TestPKI.authority("Old Root", notAfter: Self.now + .days(2_000))
        let crossSigned = try newRoot.crossSigned(by: oldRoot, notAfter: Self.now + .days(900))
        let leaf = try newRoot.issue(.client, commonName: "a", notAfter: Self.now + .days(1_000))
        let found = try effectiveExpiry(of: leaf, anchors: [newRoot, oldRoot], intermediates: [crossSigned])
        #expect(found.expiry == .at(Self.now + .days(900)))
        #expect(culprit(found) == crossSigned.certificate.fingerprint)
        #expect(found.path.count == 3)
    }

    @Test func `without a path to a trust anchor a certificate ends by itself`() throws {
        let other = try TestPKI.authority("Lab Root", notAfter: Self.now + .days(5))
        let leaf = try lab.root.issue(.client, commonName: "a", notAfter: Self.now + .days(40))
        for anchors in [[], [other]] {
            let found = try effectiveExpiry(of: leaf, anchors: anchors)
            #expect(found.expiry == .at(Self.now + .days(40)))
            #expect(found.path.count == 1)
        }
    }

    @Test func `what has no end, or an unreadable one, is told apart`() throws {
        let endless = try lab.client { $0.notAfter = .at(.noWellDefinedExpiry) }
        let bounded = try effectiveExpiry(of: endless, anchors: [lab.root])
        #expect(bounded.expiry == .at(TestPKI.defaultNotAfter))
        #expect(try effectiveExpiry(of: endless, anchors: []).expiry == .never)
        // The decoder reports an unreadable date and still lists the certificate.
        let unreadable = try lab.client { $0.notAfter = .raw("281301000000Z", tag: 0x17) }
        let read = try #require(lab.decoder.verifiableBundle(unreadable.der).certificates.first)
        let search = EffectiveExpirySearch(anchors: try lab.read(lab.root.certificate), intermediates: [])
        #expect(search.effectiveExpiry(of: read, at: Self.now).expiry == .unreadable)
    }

    @Test func `cross-signatures of everybody by everybody do not multiply`() throws {
        // 24 CAs of one name and key, in any order: there are far too many paths of ten CAs to enumerate.
        let first = try TestPKI.authority("Lab CA", notAfter: Self.now + .days(1))
        let others = try (2...24).map { try first.renewed(notAfter: Self.now + .days(Int64($0))) }
        let leaf = try first.issue(.client, commonName: "a", notAfter: Self.now + .days(400))
        let found = try effectiveExpiry(of: leaf, anchors: [first], intermediates: others)
        #expect(found.expiry == .at(Self.now + .days(1)))
        #expect(culprit(found) == first.certificate.fingerprint)
    }
}
