import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// Revocation lists of every CA of a path, complete and delta.
struct RevocationTests {
    private let lab: VerificationLab
    private let issuing: TestAuthority
    private let leaf: IssuedCertificate
    private static let revokedAt = VerificationLab.now - .days(3)

    init() throws {
        lab = try VerificationLab()
        var template = CertificateTemplate(.authority, commonName: "Lab Issuing")
        template.serial = [0x21]
        issuing = try lab.root.intermediate(template)
        var client = CertificateTemplate(.client, commonName: "device-1")
        client.serial = [0x42]
        leaf = try issuing.issue(client)
    }

    private func findings(
        _ lists: String..., anchors: [IssuedCertificate]? = nil
    ) throws -> [CertificateFinding] {
        try lab.findings(
            of: leaf, anchors: anchors, intermediates: [issuing.certificate], revocationListPEM: lists.joined())
    }

    private func entry(_ serial: UInt8, reason: UInt8? = 1) -> RevocationListTemplate.Entry {
        RevocationListTemplate.Entry([serial], revokedAt: Self.revokedAt, reason: reason)
    }

    @Test(arguments: RevocationReason.allCases.filter { $0 != .removeFromCRL }.map(Optional.some) + [nil])
    func `what was revoked is told with date and reason`(reason: RevocationReason?) throws {
        let list = try issuing.revocationList { $0.entries = [entry(0x42, reason: reason?.rawValue)] }
        let finding = try #require(findings(list).first)
        #expect(finding.code == .revoked)
        let revocation = try #require(finding.revocation)
        #expect(revocation.revokedAt == Self.revokedAt)
        #expect(revocation.reason == reason)
        #expect(revocation.certificate.fingerprint == leaf.fingerprint)
        let words = reason.map { "(\($0))" } ?? "(no reason given)"
        #expect(finding.message == "it was revoked at \(Self.revokedAt) \(words), says its CA CN=Lab Issuing")
    }

    @Test func `a stale list says since when a certificate is revoked, as a current one does`() throws {
        let stale = try issuing.revocationList {
            $0.nextUpdate = VerificationLab.now - .days(1)
            $0.entries = [entry(0x42)]
        }
        let found = try findings(lab.root.revocationList(), stale)
        #expect(Set(found.map(\.code)) == [.revoked, .revocationListNotCurrent])
        let revocation = try #require(found.first { $0.code == .revoked }?.revocation)
        #expect(revocation.revokedAt == Self.revokedAt)
        #expect(revocation.reason == .keyCompromise)
    }

    @Test func `a CA's own list counts where it is given, and is not asked for`() throws {
        let fine = try issuing.revocationList()
        #expect(try findings(fine) == [])
        #expect(try findings(fine, lab.root.revocationList()) == [])
        let revoking = try lab.root.revocationList { $0.entries = [entry(0x21, reason: 2)] }
        let found = try findings(fine, revoking)
        #expect(found.map(\.code) == [.revoked])
        #expect(found.first?.revocation?.certificate.subject == "CN=Lab Issuing")
        #expect(found.first?.revocation?.reason == .caCompromise)
        let stale = try lab.root.revocationList(nextUpdate: VerificationLab.now - .days(1))
        #expect(try findings(fine, stale).map(\.code) == [.revocationListNotCurrent])
    }

    @Test func `leaf and CA may both be revoked`() throws {
        let found = try findings(
            issuing.revocationList { $0.entries = [entry(0x42)] },
            lab.root.revocationList { $0.entries = [entry(0x21)] })
        #expect(found.map(\.code) == [.revoked, .revoked])
        #expect(found.map(\.revocation?.certificate.subject) == ["CN=device-1", "CN=Lab Issuing"])
    }

    @Test func `a trusted CA that another trusted CA has revoked is revoked`() throws {
        let (fine, both) = (try issuing.revocationList(), [lab.root.certificate, issuing.certificate])
        #expect(try findings(fine, lab.root.revocationList(), anchors: both) == [])
        let revoking = try lab.root.revocationList { $0.entries = [entry(0x21)] }
        #expect(try findings(fine, revoking, anchors: both).map(\.code) == [.revoked])
        // As the only anchor it is trusted, and no anchor verifies the root's list.
        #expect(try findings(fine, revoking, anchors: [issuing.certificate]) == [])
    }

    @Test func `a delta list revokes, and takes back`() throws {
        let base = try issuing.revocationList {
            $0.number = 5
            $0.entries = [entry(0x43, reason: 6)]
        }
        let revoking = try issuing.revocationList {
            ($0.number, $0.deltaBase, $0.entries) = (7, 5, [entry(0x42)])
        }
        let found = try findings(base, revoking)
        #expect(found.map(\.code) == [.revoked])
        #expect(found.first?.revocation?.reason == .keyCompromise)
        let held = try issuing.revocationList {
            $0.number = 5
            $0.entries = [entry(0x42, reason: 6)]
        }
        #expect(try findings(held).first?.revocation?.reason == .certificateHold)
        let released = try issuing.revocationList {
            ($0.number, $0.deltaBase, $0.entries) = (7, 5, [entry(0x42, reason: 8)])
        }
        #expect(try findings(held, released) == [])
        // Of two lists the newer one counts, in whatever order.
        let again = try issuing.revocationList {
            ($0.number, $0.deltaBase, $0.entries) = (8, 5, [entry(0x42, reason: 1)])
        }
        #expect(try findings(again, held, released).map(\.code) == [.revoked])
    }

    @Test func `a delta list that cannot be relied on refuses`() throws {
        let base = try issuing.revocationList { $0.number = 5 }
        func delta(_ change: (inout RevocationListTemplate) -> Void = { _ in }) throws -> String {
            try issuing.revocationList {
                ($0.number, $0.deltaBase) = (7, 5)
                change(&$0)
            }
        }
        #expect(try findings(base, delta()) == [])
        #expect(try findings(delta()).map(\.code) == [.revocationListMissing])
        #expect(try findings(base, delta { $0.deltaBase = 6 }).map(\.code) == [.revocationListMissing])
        #expect(try findings(issuing.revocationList(), delta()).map(\.code) == [.revocationListMissing])
        let stale = try delta { $0.nextUpdate = VerificationLab.now - .days(1) }
        #expect(try findings(base, stale).map(\.code) == [.revocationListNotCurrent])
        let odd = try delta { $0.criticalExtension = "1.2.3.4" }
        #expect(try findings(base, odd).map(\.code) == [.revocationListInvalid])
        let foreign = try TestPKI.authority("Lab Issuing").revocationList { ($0.number, $0.deltaBase) = (7, 5) }
        #expect(try findings(base, foreign).map(\.code) == [.revocationListInvalid])
    }

    @Test func `a list with a critical extension that nobody knows is refused`() throws {
        let list = try issuing.revocationList { $0.criticalExtension = "1.2.3.4" }
        #expect(try findings(list).map(\.code) == [.revocationListInvalid])
    }
}
