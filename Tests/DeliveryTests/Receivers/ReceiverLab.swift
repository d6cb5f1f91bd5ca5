import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import TestSupport
import TransportSecurity

/// Receivers of every kind with a fake of their service on loopback, and messages for them.
struct ReceiverLab {
    static let now = Instant(seconds: 1_800_000_000)
    /// A secret that only the service may see.
    static let secret = "canary-secret-7d41c0aa"

    let directory: TemporaryDirectory
    let transfers: TransferLoop

    init() throws {
        directory = try TemporaryDirectory()
        transfers = try TransferLoop()
        try directory.write(Self.secret + "\n", to: "secret")
        try directory.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "signing")
    }

    var secretFile: SettingValue { .file(directory.path(of: "secret")) }

    /// A receiver whose service is at `url`, with `further` settings.
    func receiver(
        _ kind: ReceiverKind, at url: String, language: Language = .english, further: [String: SettingValue] = [:]
    ) throws -> ConfiguredReceiver {
        try directory.write("\(url)/\(Self.secret)\n", to: "url")
        let urlFile = SettingValue.file(directory.path(of: "url"))
        var settings: [String: SettingValue] =
            switch kind {
            case .webhook:
                [
                    "url_file": urlFile, "secret_file": .file(directory.path(of: "signing")),
                    "bearer_token_file": secretFile,
                ]
            case .alertmanager: ["urls": .list([url]), "bearer_token_file": secretFile]
            case .slack, .teams, .discord, .mattermost: ["url_file": urlFile]
            case .telegram: ["token_file": secretFile, "chat_id": .text("-100123"), "url": .text(url)]
            case .ntfy: ["topic_file": secretFile, "url": .text(url)]
            case .pagerduty: ["routing_key_file": secretFile, "url": .text(url)]
            case .opsgenie: ["api_key_file": secretFile, "url": .text(url)]
            case .email:
                ["server": .text("127.0.0.1:9"), "from": .text("n@example.com"), "to": .list(["a@example.com"])]
            case .exec: ["command": .list(["/bin/true"])]
            }
        settings.merge(further) { $1 }
        guard
            let receiver = ConfiguredReceiver(
                name: "lab", kind: kind, settings: ReceiverSettings(settings), language: language)
        else { throw IncompleteSettings() }
        return receiver
    }

    struct IncompleteSettings: Error {}

    /// Sends one message.
    func send(
        _ message: Message, to configured: ConfiguredReceiver, number: Int = 1, mayBeDuplicate: Bool = false
    ) async throws -> AttemptResult {
        let attempt = Attempt(
            id: message.id, type: message.type, body: try configured.receiver.body(for: message), number: number,
            mayBeDuplicate: mayBeDuplicate, now: Self.now)
        let sender = HTTPSender(
            transfers: transfers, credentials: CredentialStore(), limit: configured.receiver.longestAttempt,
            at: Self.now)
        return try await configured.receiver.send(attempt, through: sender)
    }

    /// A text that would be more than text wherever it is interpreted, and longer than every limit.
    static let hostile =
        "CN=<!channel> @everyone *b* _i_ [x](https://evil.example) </b>&amp; `c` | \u{1B}[2J\u{202E}\r\nBcc: x@evil.example\n"
        + String(repeating: "長い名前 \\ | <>&", count: 2_000)

    static func certificate(_ subject: String = "CN=billing") -> Certificate {
        .sample(7, notAfter: now + .days(10), subject: subject)
    }

    static let registration = Registration(
        name: "fleet", role: .ca, hostnames: ["api.example.com"], owner: "platform", labels: ["team": "platform"])

    /// The facts of a notice of `kind`.
    static func facts(
        _ kind: NoticeKind, subject: String = "CN=billing", earlier: [EarlierStage] = [], stage: TimeSpan = .days(14),
        missed: [TimeSpan] = [.days(30)], notObservedSince: Instant? = nil, dependents: Dependents = Dependents(),
        message: String? = nil
    ) -> NoticeFacts {
        if kind == .summary { return summaryFacts(subject: subject) }
        let isFinding = kind == .finding || kind == .findingResolved
        let certificate = isFinding ? nil : certificate(subject)
        let identity = NoticeIdentity(
            subject: isFinding
                ? NoticeSubject.finding(registration: "fleet", code: .lostFromSight, place: "/pki").text
                : NoticeSubject.certificate(Self.certificate(subject).fingerprint).text,
            kind: kind, stage: kind == .expiring ? stage.seconds : kind == .expired ? 0 : -1, episode: 0)
        return NoticeFacts(
            identity: identity, registration: "fleet", severity: kind == .expired ? .critical : .warning,
            message: isFinding ? message ?? "/pki cannot be seen: \(subject)" : nil, occurredAt: now - .hours(1),
            observedAt: now,
            missed: missed.map(Stage.before), notObservedSince: notObservedSince,
            object: certificate.map(WatchedObject.certificate),
            successor: kind == .renewed
                ? .certificate(.sample(8, notAfter: now + .days(300), subject: subject)) : nil, dependents: dependents,
            locations: isFinding ? [] : [.file(FilePath("/pki/\(subject.prefix(2_000)).pem"), index: 0)],
            earlier: earlier, askedAt: now)
    }

    /// The facts of a summary with every figure and full lists.
    static func summaryFacts(subject: String = "CN=billing") -> NoticeFacts {
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
                message: "/pki/\(number) cannot be seen: \(subject)")
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
                subject: NoticeSubject.summary.text, kind: .summary, stage: -1, episode: now.seconds),
            registration: "notafter", severity: .info, message: nil, occurredAt: now, observedAt: now, missed: [],
            notObservedSince: nil, object: nil, successor: nil, locations: [], askedAt: now)
        facts.summaryFacts = summary
        return facts
    }

    static var fullSummary: SummaryFacts { summaryFacts().summaryFacts ?? SummaryFacts(since: now) }

    /// Every kind of message that it accepts, with plain and with hostile text, and a test message.
    static func messages(to receiver: ConfiguredReceiver) throws -> [Message] {
        let earlier = [EarlierStage(stage: .before(.days(30)), severity: .warning)]
        let kinds = NoticeKind.allCases.filter { $0 != .summary || receiver.receiver.takesSummaries }
        return try kinds.flatMap { kind in
            try ["CN=billing", hostile].map { subject in
                try receiver.message(facts(kind, subject: subject, earlier: earlier), registration: registration)
            }
        } + [try receiver.testMessage(at: now)]
    }
}
