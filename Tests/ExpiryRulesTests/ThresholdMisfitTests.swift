import Certificates
import ExpiryRules
import Testing

struct ThresholdMisfitTests {
    private func validity(_ lifetime: TimeSpan) -> Validity {
        let notAfter = Instant(seconds: 1_800_000_000)
        return Validity(notBefore: notAfter - lifetime, notAfter: notAfter)
    }

    @Test(
        arguments: [
            // A SPIFFE SVID, Let's Encrypt's six days, the 47 days of CA/Browser Forum ballot SC-081v3, 60 days, a
            // year.
            (.hours(24), ["30d", "14d"], ["30d", "14d"]), (.days(6), ["30d", "14d"], ["30d", "14d"]),
            (.days(47), ["30d", "14d"], ["30d"]), (.days(60), ["30d", "14d"], []),
            (.days(59), ["30d", "14d"], ["30d"]),
            (.days(365), ["30d", "14d"], []), (.hours(24), ["33%", "10%"], []), (.hours(24), ["12h", "4h"], []),
            (.hours(24), ["13h", "10%"], ["13h"]),
        ] as [(TimeSpan, [String], [String])])
    func `a fixed span that covers more than half of a life does not suit it`(
        lifetime: TimeSpan, thresholds: [String], misfits: [String]
    ) {
        let misfit = ThresholdMisfit(thresholds.compactMap { Threshold(parsing: $0) }, validity: validity(lifetime))
        #expect(misfit?.spans.map(\.description) ?? [] == misfits)
    }

    @Test func `it says what covers how long a life`() throws {
        let one = try #require(ThresholdMisfit([.span(.days(30)), .span(.days(14))], validity: validity(.days(47))))
        #expect(one.flaw.english == "the threshold 30d covers most of its life of 47 days")
        let two = try #require(ThresholdMisfit([.span(.days(14)), .span(.days(30))], validity: validity(.hours(24))))
        #expect(two.flaw.english == "the thresholds 30d and 14d cover most of its life of 24 hours")
    }

    @Test func `where nobody knows how long it lives, nothing is said`() {
        let unknown = Validity(notBefore: nil, notAfter: Instant(seconds: 1_800_000_000))
        #expect(ThresholdMisfit([.span(.days(30))], validity: unknown) == nil)
        let never = Validity(notBefore: Instant(seconds: 0), notAfter: .noWellDefinedExpiry)
        #expect(ThresholdMisfit([.span(.days(30))], validity: never) == nil)
    }
}
