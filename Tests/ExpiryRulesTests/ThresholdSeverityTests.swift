import Certificates
import ExpiryRules
import Testing

struct ThresholdSeverityTests {
    private func ladder(_ thresholds: [(String, Severity?)]) -> StageLadder {
        let notAfter = Instant(seconds: 1_800_000_000)
        return StageLadder(
            thresholds: thresholds.compactMap { Threshold(parsing: $0, severity: $1) },
            validity: Validity(notBefore: notAfter - .days(100), notAfter: notAfter))
    }

    @Test(
        arguments: [
            ([("30d", nil), ("14d", nil)], [.warning, .critical, .critical]),
            ([("60d", .info), ("30d", nil), ("14d", nil)], [.info, .warning, .critical, .critical]),
            ([("30d", .critical), ("14d", .warning)], [.critical, .warning, .critical]),
            ([("30d", .info)], [.info, .critical]), ([("30d", nil)], [.warning, .critical]),
            // Two registrations have the same stage: the worse of their severities, or of the defaults.
            ([("30d", .info), ("30%", .critical)], [.critical, .critical]),
            ([("30d", nil), ("14d", .info), ("14%", nil)], [.warning, .critical, .critical]),
        ] as [([(String, Severity?)], [Severity])])
    func `a stage is as bad as its threshold says`(thresholds: [(String, Severity?)], severities: [Severity]) {
        let ladder = ladder(thresholds)
        #expect(ladder.stages.map(ladder.severity) == severities)
    }

    @Test func `an entry's own times go before its rule's, the first rule's before others', and these before defaults`()
    {
        func matchers(_ text: String) throws -> NoticeMatchers { try NoticeMatchers(parsing: [text]) }
        var rules = AlertTimeRules(defaults: AlertTimes(thresholds: [.span(.days(30))], reminders: .every(.days(1))))
        rules.rules = ["role=ca", "label.tier=gold", "registration=*"].enumerated().compactMap { index, text in
            (try? matchers(text)).map { matchers in
                AlertTimeRules.Rule(
                    matchers: matchers, times: AlertTimes(thresholds: [.span(.days(Int64(90 - index)))]))
            }
        }
        func applied(_ role: Role, _ labels: [String: String] = [:], own: AlertTimes = AlertTimes()) -> Registration {
            rules.applied(to: Registration(name: "a", role: role, labels: labels), own: own)
        }
        #expect(applied(.ca, ["tier": "gold"]).thresholds == [.span(.days(90))])
        #expect(applied(.client, ["tier": "gold"]).thresholds == [.span(.days(89))])
        #expect(applied(.client).thresholds == [.span(.days(88))])
        #expect(applied(.client).reminders == ReminderSchedule(every: .days(1)))
        let own = AlertTimes(thresholds: [.share(percent: 33)], reminders: .never)
        #expect(applied(.ca, own: own).thresholds == [.share(percent: 33)])
        #expect(applied(.ca, own: own).reminders == nil)
        #expect(applied(.ca).listThresholds == Registration.defaultListThresholds)
    }
}
