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
