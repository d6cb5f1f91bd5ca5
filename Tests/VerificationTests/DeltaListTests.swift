import Certificates
import TestSupport
import Testing
import Verification

/// Delta lists (RFC 5280 5.2.4) change the entries of their base and hide none of them.
struct DeltaListTests {
    private static let revokedAt = VerificationLab.now - .days(3)
    private let lab: VerificationLab
    private let issuing: TestAuthority
    private let leaf: IssuedCertificate

    init() throws {
        lab = try VerificationLab()
        var template = CertificateTemplate(.authority, commonName: "Lab Issuing")
        template.serial = [0x21]
        issuing = try lab.root.intermediate(template)
        var client = CertificateTemplate(.client, commonName: "device-1")
        client.serial = [0x42]
        leaf = try issuing.issue(client)
    }

    private func findings(_ lists: String...) throws -> [CertificateFinding] {
        try lab.findings(
            of: leaf, intermediates: [issuing.certificate], revocationListPEM: lists.joined())
    }

    private func base(
        of authority: TestAuthority, revoking serial: UInt8? = nil, reason: UInt8 = 1,
        _ change: (inout RevocationListTemplate) -> Void = { _ in }
    ) throws -> String {
        try authority.revocationList {
            $0.number = 5
            $0.entries =
                serial.map {
                    [RevocationListTemplate.Entry([$0], revokedAt: Self.revokedAt, reason: reason)]
                } ?? []
            change(&$0)
        }
    }

    /// A delta list that is newer than any base, as usual.
    private func delta(
        of authority: TestAuthority, _ change: (inout RevocationListTemplate) -> Void = { _ in }
    ) throws -> String {
        try authority.revocationList {
            ($0.number, $0.deltaBase, $0.thisUpdate) = (7, 5, VerificationLab.now - .days(1))
            change(&$0)
        }
    }

    @Test func `a newer delta list hides no revocation of the leaf`() throws {
        let (base, delta) = (try base(of: issuing, revoking: 0x42), try delta(of: issuing))
        for lists in [[base, delta], [delta, base]] {
            let found = try findings(lists.joined())
            #expect(found.map(\.code) == [.revoked])
            #expect(found.first?.revocation?.revokedAt == Self.revokedAt)
            #expect(found.first?.revocation?.reason == .keyCompromise)
        }
    }

    @Test func `a newer delta list hides no revocation of a CA`() throws {
        let found = try findings(
            issuing.revocationList(), base(of: lab.root, revoking: 0x21, reason: 2), delta(of: lab.root))
        #expect(found.map(\.code) == [.revoked])
        #expect(found.first?.revocation?.certificate.subject == "CN=Lab Issuing")
        #expect(found.first?.revocation?.reason == .caCompromise)
    }

    @Test func `a delta list that cannot be relied on takes nothing back`() throws {
        let base = try base(of: issuing, revoking: 0x42, reason: 6)
        func release(_ change: (inout RevocationListTemplate) -> Void) throws -> String {
            try delta(of: issuing) {
                $0.entries = [RevocationListTemplate.Entry([0x42], revokedAt: Self.revokedAt, reason: 8)]
                change(&$0)
            }
        }
        #expect(try findings(base, release { _ in }) == [])
        let stale = try release { $0.nextUpdate = VerificationLab.now - .hours(1) }
        #expect(try findings(base, stale).map(\.code) == [.revoked, .revocationListNotCurrent])
        let early = try release { $0.deltaBase = 6 }
        #expect(try findings(base, early).map(\.code) == [.revoked, .revocationListMissing])
        let ofUsers = RevocationListTemplate.issuingDistributionPoint(DERWriter.element(0x81, [0xFF]))
        let otherScope = try release { $0.furtherExtensions = [ofUsers] }
        #expect(try findings(base, otherScope).map(\.code) == [.revoked, .revocationListMissing])
    }

    @Test func `a complete list that is as new replaces the delta list`() throws {
        let held = try delta(of: issuing) {
            $0.entries = [RevocationListTemplate.Entry([0x42], revokedAt: Self.revokedAt, reason: 6)]
            $0.nextUpdate = VerificationLab.now - .hours(1)
        }
        let newer = try base(of: issuing) { ($0.number, $0.thisUpdate) = (7, VerificationLab.now - .hours(1)) }
        #expect(try findings(newer, held) == [])
        #expect(try findings(base(of: issuing), held).map(\.code) == [.revoked, .revocationListNotCurrent])
    }

    @Test func `a delta list without a number is not passed over`() throws {
        let unnumbered = try delta(of: issuing) { $0.number = nil }
        #expect(try findings(base(of: issuing), unnumbered).map(\.code) == [.revocationListMissing])
    }
}
