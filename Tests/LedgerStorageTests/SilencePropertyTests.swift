import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// Years of silences that begin, end, overlap and are ended by hand, with certificates that expire and are renewed, and
/// a receiver that fails. Silenced notices are held, those that are true at the end are sent, and none is sent twice.
struct SilencePropertyTests {
    @Test(arguments: Effort.seeds(60))
    func `held, not lost, told once`(seed: UInt64) async throws {
        var site = try await SilencedSite(seed: seed)
        for _ in 0..<120 { try await site.step() }
        try await site.conclude()
    }
}

private struct SilencedSite {
    private static let places = 3

    private let world: LedgerWorld
    private let seed: UInt64
    private var random: SeededGenerator
    private var nextCertificate: UInt32 = 0
    private var present: [Certificate] = []
    /// The accepted messages in order, by subject of the notice.
    private var heard: [String: [String]] = [:]
    private var times: [NoticeIdentity: Int] = [:]
    private var excused: [NoticeIdentity: Int] = [:]

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        world = try await LedgerWorld(
            reminders: seed.isMultiple(of: 2) ? ReminderSchedule(every: .days(2)) : nil)
        for place in 0..<Self.places { issue(at: place) }
        try await see()
    }

    private mutating func issue(at place: Int) {
        nextCertificate += 1
        let days = Int64.random(in: 20...90, using: &random)
        let oldest = present.indices.contains(place) ? present[place].validity.notAfter : nil
        let notAfter = max(world.time.now + .days(days), (oldest ?? world.time.now) + .days(1))
        let certificate = Certificate.sample(nextCertificate, notAfter: notAfter, names: "c-\(nextCertificate)")
        if present.indices.contains(place) { present[place] = certificate } else { present.append(certificate) }
    }

    private func see() async throws {
        let files = present.enumerated().map { ("\($0.offset).pem", [$0.element]) }
        try await world.see(Dictionary(files) { $1 })
    }

    mutating func step() async throws {
        world.time.advance(by: .hours(Int64.random(in: 1...60, using: &random)))
        if random.chance(15) { try await silence() }
        if random.chance(6) {
            _ = try await world.expire(Int64.random(in: 1...6, using: &random))
        }
        if random.chance(7) { issue(at: Int.random(in: 0..<Self.places, using: &random)) }
        try await see()
        try await world.ledger.tidyOutbox(longestWait: .hours(12), at: world.time.now)
        try await deliver()
    }

    private mutating func silence() async throws {
        let certificate = present[Int.random(in: 0..<Self.places, using: &random)]
        let matchers = [
            "fingerprint=\(certificate.fingerprint)", "registration=fleet", "severity=critical",
            "subject=\(certificate.subject)",
        ]
        try await world.silence(
            matchers[Int.random(in: 0..<matchers.count, using: &random)],
            for: .hours(Int64.random(in: 1...500, using: &random)))
    }

    private mutating func deliver(reliably isReliable: Bool = false) async throws {
        while let claim = try await world.claim() {
            let identity = claim.identities[0]
            try await requireUnsilenced(identity, mayBeSeen: claim.mayBeDuplicate)
            let outcomes: [AttemptOutcome] = isReliable ? [.delivered] : [.delivered, .delivered, .notSent, .unknown]
            let outcome = outcomes[Int.random(in: 0..<outcomes.count, using: &random)]
            let later = Settlement.Consequence.retry(world.time.now + .hours(1))
            try await world.ledger.settle(
                claim, with: world.settlement(outcome, outcome == .delivered ? .delivered : later),
                at: world.time.now)
            guard outcome != .notSent else { continue }
            times[identity, default: 0] += 1
            if outcome == .unknown { excused[identity, default: 0] += 1 }
            heard[identity.subject.text, default: []].append("\(identity.kind.rawValue) \(identity.stage)")
        }
    }

    private func requireUnsilenced(_ identity: NoticeIdentity, mayBeSeen: Bool) async throws {
        guard !identity.kind.isResolution, !mayBeSeen,
            let facts = try await world.ledger.notices(of: [identity], at: world.time.now)[identity]
        else { return }
        let silences = try await world.ledger.silences().map(\.silence)
        let holder = silences.holding(facts.traits(in: world.plan), at: world.time.now)
        #expect(holder == nil, "seed \(seed): \(identity) was sent in a silence")
    }

    /// Ends all silences, delivers everything, and compares the messages with the actual state.
    mutating func conclude() async throws {
        for record in try await world.ledger.silences() { _ = try await world.expire(record.silence.id) }
        try await see()
        try await world.ledger.tidyOutbox(longestWait: .hours(12), at: world.time.now)
        world.time.advance(by: .hours(2))
        try await see()
        try await deliver(reliably: true)
        #expect(try await world.ledger.deliveries(in: DeliveryState.allCases.filter(\.isOpen)).isEmpty)
        for (identity, count) in times {
            #expect(count <= 1 + excused[identity, default: 0], "seed \(seed): \(identity) came \(count) times")
        }
        for certificate in present {
            let told = heard[NoticeSubject.certificate(certificate.fingerprint).text, default: []]
            let stage = world.plan.ladder(for: .certificate, certificate.validity, watchedBy: ["fleet"])
                .stage(expiry: certificate.validity.expiry, at: world.time.now)
            let word = stage.map { "\($0 == .expired ? "expired" : "expiring") \($0.secondsBefore)" }
            #expect(told.last == word, "seed \(seed): certificate \(certificate.subject) was told as \(told)")
        }
        let live = Set(present.map { NoticeSubject.certificate($0.fingerprint).text })
        for (subject, words) in heard where !live.contains(subject) && words.last != "renewed -1" {
            // The receiver failed all attempts until a week after notAfter, which is the end of retries in P1.
            let renewals = try await world.ledger.deliveries(in: [.expired]).filter { delivery in
                delivery.identity.subject.text == subject && delivery.identity.kind == .renewed
                    && !delivery.attempts.isEmpty
            }
            #expect(renewals.count == 1, "seed \(seed): \(subject) was told as \(words)")
        }
    }
}
