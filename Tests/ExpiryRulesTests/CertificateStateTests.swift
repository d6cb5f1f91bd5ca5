import Certificates
import ExpiryRules
import Testing

struct CertificateStateTests {
    private let now = Instant(seconds: 1_800_000_000)

    @Test(
        arguments: [
            (45, .ok), (30, .warning), (29, .warning), (14, .critical), (0, .critical), (-2, .expired),
        ] as [(Int64, CertificateState)])
    func `a state follows from the stage`(daysLeft: Int64, state: CertificateState) {
        let validity = Validity(notBefore: now - .days(365), notAfter: now + .days(daysLeft))
        let ladder = StageLadder(thresholds: Registration.defaultThresholds, validity: validity)
        #expect(CertificateState(validity: validity, ladder: ladder, at: now) == state)
    }

    @Test(
        arguments: [
            ("30d", "60d", 45, .critical), ("20d", "20d", 13, .critical), ("10d", "20d", 13, .critical),
            ("60d", "30d", 45, .warning), ("60d", "30d", 30, .critical), ("60d", "30d", 90, .ok),
            ("60d", "30d", -1, .expired),
        ] as [(String, String, Int64, CertificateState)])
    func `critical is critical, in whatever order the two thresholds stand`(
        warning: String, critical: String, daysLeft: Int64, state: CertificateState
    ) throws {
        let validity = Validity(notBefore: now - .days(365), notAfter: now + .days(daysLeft))
        let thresholds = try [warning, critical].map { try #require(Threshold(parsing: $0)) }
        #expect(
            CertificateState(validity: validity, warning: thresholds[0], critical: thresholds[1], at: now) == state)
    }

    @Test func `not yet valid comes before everything else`() {
        let validity = Validity(notBefore: now + .hours(1), notAfter: now + .days(3))
        let ladder = StageLadder(thresholds: Registration.defaultThresholds, validity: validity)
        #expect(CertificateState(validity: validity, ladder: ladder, at: now) == .notYetValid)
    }

    @Test func `an expiry that nobody can read is critical, and one that never comes is fine`() {
        let ladder = StageLadder(
            thresholds: Registration.defaultThresholds, validity: Validity(notBefore: nil, notAfter: nil))
        let unreadable = Validity(notBefore: now - .days(1), notAfter: nil)
        #expect(CertificateState(validity: unreadable, ladder: ladder, at: now) == .critical)
        let never = Validity(notBefore: now - .days(1), notAfter: .noWellDefinedExpiry)
        #expect(CertificateState(validity: never, ladder: ladder, at: now) == .ok)
    }
}
