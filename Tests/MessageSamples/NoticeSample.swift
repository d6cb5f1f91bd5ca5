import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport

/// Notices of every kind, for tests of messages and of their delivery.
package enum NoticeSample {
    /// The time of the notices.
    package static let now = Instant(seconds: 1_800_000_000)

    /// A text that would be more than text wherever it is interpreted, and longer than every limit.
    package static let hostile =
        "CN=<!channel> @everyone *b* _i_ [x](https://evil.example) </b>&amp; `c` | \u{1B}[2J\u{202E}\r\nBcc: x@evil.example\n"
        + String(repeating: "長い名前 \\ | <>&", count: 2_000)

    package static func certificate(_ subject: String = "CN=billing") -> Certificate {
        .sample(7, notAfter: now + .days(10), subject: subject)
    }

    package static let registration = Registration(
        name: "fleet", role: .ca, hostnames: ["api.example.com"], owner: "platform", labels: ["team": "platform"])

    /// The facts of a notice of `kind`.
    package static func facts(
        _ kind: NoticeKind, subject: String = "CN=billing", earlier: [EarlierStage] = [], stage: TimeSpan = .days(14),
        missed: [TimeSpan] = [.days(30)], notObservedSince: Instant? = nil, dependents: Dependents = Dependents(),
        finding: FindingFacts? = nil
    ) -> NoticeFacts {
        if kind == .summary { return summaryFacts(subject: subject) }
        let isFinding = kind == .finding || kind == .findingResolved
        let certificate = isFinding ? nil : certificate(subject)
        let identity = NoticeIdentity(
            subject: isFinding
                ? .finding(registration: "fleet", code: .lostFromSight, place: "/pki")
                : .certificate(Self.certificate(subject).fingerprint),
            kind: kind, stage: kind == .expiring ? stage.seconds : kind == .expired ? 0 : -1, episode: 0)
        return NoticeFacts(
            identity: identity, registration: "fleet", severity: kind == .expired ? .critical : .warning,
            finding: isFinding ? finding ?? .place(.emptied(place: "/pki/\(subject)", content: .certificate)) : nil,
            occurredAt: now - .hours(1),
            observedAt: now,
            missed: missed.map(Stage.before), notObservedSince: notObservedSince,
            object: certificate.map(WatchedObject.certificate),
            successor: kind == .renewed
                ? .certificate(.sample(8, notAfter: now + .days(300), subject: subject)) : nil, dependents: dependents,
            locations: isFinding ? [] : [.file(FilePath("/pki/\(subject.prefix(2_000)).pem"), index: 0)],
            earlier: earlier, askedAt: now)
    }

    /// The facts of a summary with every figure and full lists.
    package static func summaryFacts(subject: String = "CN=billing") -> NoticeFacts {
        var summary = SummaryFacts(since: now - .days(7))
        summary.certificates = 120
        summary.revocationLists = 2
        summary.endpoints = 3
        summary.sources = 14
        summary.readSince = now - .hours(1)
        summary.passes = .init(finished: 168, troubled: 2, unfinished: 1)
        summary.findingCount = 12
        summary.findings = (0..<10).map { number in
            Finding(
                registration: "fleet", code: .lostFromSight, place: "/pki/\(number)", severity: .critical,
                facts: .place(.emptied(place: "/pki/\(number)/\(subject)", content: .certificate)))
        }
        summary.endingCount = 11
        summary.endings = (0..<10).map { number in
            SummaryFacts.Ending(
                registration: "fleet", kind: number == 9 ? .revocationList : .certificate,
                fingerprint: certificate(subject).fingerprint, name: subject, expiry: now + .days(Int64(number) - 1))
        }
        summary.deliveries = .init(made: 9, open: 3, parked: 1, expired: 1)
        summary.nextDue = now + .days(2)
        summary.nextName = subject
        var facts = NoticeFacts(
            identity: NoticeIdentity(
                subject: .summary, kind: .summary, stage: -1, episode: now.seconds),
            registration: "notafter", severity: .info, finding: nil, occurredAt: now, observedAt: now, missed: [],
            notObservedSince: nil, object: nil, successor: nil, locations: [], askedAt: now)
        facts.summaryFacts = summary
        return facts
    }

    package static var fullSummary: SummaryFacts { summaryFacts().summaryFacts ?? SummaryFacts(since: now) }
}
