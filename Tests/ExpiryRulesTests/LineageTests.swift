import Certificates
import ExpiryRules
import TestSupport
import Testing

struct LineageTests {
    private let now = Instant(seconds: 1_800_000_000)

    private func member(
        _ seed: UInt32, days: Int64, isCA: Bool = false, names: String? = nil, key: String? = nil
    ) -> LineageMember {
        LineageMember(.sample(seed, notAfter: now + .days(days), isCA: isCA, names: names, key: key))
    }

    @Test func `in its place, a certificate that expires later renews whatever stood there`() {
        let old = member(1, days: 10)
        let new = member(2, days: 400)
        #expect(FileLineage(added: [(0, new)]).replacement(of: (0, old)) == .renewed(by: new.fingerprint))
    }

    @Test func `one that expires earlier is no renewal`() {
        let old = member(1, days: 100)
        let new = member(2, days: 10)
        #expect(FileLineage(added: [(0, new)]).replacement(of: (0, old)) == .wentBackwards(to: new.fingerprint))
    }

    @Test func `in a bundle, names and keys tell whose place was taken`() {
        let leaf = member(1, days: 10, names: "leaf")
        let ca = member(2, days: 20, isCA: true, names: "ca")
        let added: [FileLineage.Member] = [
            (0, member(3, days: 500, isCA: true, names: "ca")), (1, member(4, days: 400, names: "leaf")),
        ]
        let lineage = FileLineage(added: added)
        #expect(lineage.replacement(of: (0, leaf)) == .renewed(by: added[1].certificate.fingerprint))
        #expect(lineage.replacement(of: (1, ca)) == .renewed(by: added[0].certificate.fingerprint))
        #expect(FileLineage(added: []).replacement(of: (0, leaf)) == .absent)
    }

    @Test func `elsewhere, the same names or the same key with a later expiry succeed`() {
        let old = member(1, days: 10, names: "api")
        #expect(member(2, days: 400, names: "api").succeeds(old, at: now))
        #expect(member(3, days: 400, names: "other", key: "key-1").succeeds(old, at: now))
        #expect(!member(4, days: 400, names: "other").succeeds(old, at: now))
        #expect(!member(5, days: 5, names: "api").succeeds(old, at: now))
    }

    @Test func `a CA with the same name and a new key does not succeed`() {
        let old = member(1, days: 10, isCA: true, names: "ca")
        #expect(!member(2, days: 400, isCA: true, names: "ca").succeeds(old, at: now))
        #expect(member(3, days: 400, isCA: true, names: "ca", key: "key-1").succeeds(old, at: now))
    }

    @Test func `a successor that is not valid yet does not succeed yet`() {
        let old = member(1, days: 10, names: "api")
        let new = LineageMember(
            .sample(2, notBefore: now + .days(1), notAfter: now + .days(400), names: "api"))
        #expect(!new.succeeds(old, at: now))
        #expect(new.succeeds(old, at: now + .days(1)))
    }

    @Test func `absence needs two passes and six hours`() {
        #expect(!Absence(since: now, passes: 1).isRemoval(at: now + .days(2)))
        #expect(!Absence(since: now, passes: 9).isRemoval(at: now + .hours(5)))
        #expect(Absence(since: now, passes: 2).isRemoval(at: now + .hours(6)))
    }
}
