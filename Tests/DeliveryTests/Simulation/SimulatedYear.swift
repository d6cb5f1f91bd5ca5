import Certificates
import Delivery
import ExpiryRules
import LedgerStorage
import Synchronization
import TestSupport

/// 400 days of one site: certificates are renewed or forgotten, runs are missed and killed, machines reboot, clocks are
/// set, notices are silenced, and the receiver works and fails. Every second site has reminders.
struct SimulatedYear {
    private static let days: Int64 = 400
    private static let places = 3
    /// The time after which a receiver has all messages, however long it was down or asked for a pause.
    private static let patience: Int64 = 30 * 3_600

    private let engine: any LedgerEngine
    private let receiver: SimulatedReceiver
    /// The receiver's behaviour when it works.
    private let usualMood: SimulatedReceiver.Mood
    private let time: ManualTime
    private let plan: WatchPlan
    private let source = SourceKey(kind: .file, registration: "fleet", place: "/pki")
    private var random: SeededGenerator
    private var oracle = ReceiverOracle()
    /// The seconds that have really passed, and the error of the wall clock.
    private var elapsed: Int64 = 0
    private var clockError: Int64 = 0
    private var boot = BootTime(bootID: "boot 0", seconds: 0)
    /// The certificate at each place, and those that are not recorded yet.
    private var present: [Int] = []
    private var unrecorded: Set<Int> = []
    private var quietSince: Int64 = 0
    private var quietPasses = 0
    private var trace: [String] = []

    init(engine: any LedgerEngine, seed: UInt64, usualMood: SimulatedReceiver.Mood) {
        self.engine = engine
        self.usualMood = usualMood
        receiver = SimulatedReceiver(url: Self.opsURL, mood: usualMood, seed: seed)
        random = SeededGenerator(seed: seed)
        time = ManualTime(Self.start)
        let reminders = seed.isMultiple(of: 2) ? ReminderSchedule(every: .days(1)) : nil
        plan = WatchPlan(
            registrations: [Registration(name: "fleet", role: .client, reminders: reminders)],
            route: Route(receivers: ["ops"], fallback: ["spare"]))
    }

    private static let opsURL = "http://127.0.0.1:9/"
    private static let spareURL = "http://127.0.0.1:10/"
    private static let start = Instant(seconds: 1_800_000_000)
    private var wall: Int64 { Self.start.seconds + elapsed + clockError }

    /// - Throws: `OutboxViolation` with the history of the site.
    mutating func pass() async throws {
        try await Ledger(engine: engine).reconcileReceivers(
            [("ops", [0]), ("spare", [0])], plan: plan, at: time.now)
        for place in 0..<Self.places { issue(at: place) }
        while elapsed < Self.days * 86_400 {
            chance()
            if random.chance(2) { try await silence() }
            let isCertain = try await look()
            quietPasses += isCertain ? 1 : 0
            // Held notices are sent as soon as they are no longer held.
            let silences = try await Ledger(engine: engine).silences()
            if silences.contains(where: { $0.silence.isActive(at: time.now) }) { disturb() }
            try await compare()
            try await compareNews()
        }
    }

    private mutating func issue(at place: Int) {
        let lifetime = ([2, 20, 47, 90, 400] as [Int64]).randomElement(using: &random) ?? 90
        let oldest = present.indices.contains(place) ? oracle.lives[present[place]].expiry + 86_400 : 0
        let notAfter = max(oldest, Self.start.seconds + elapsed + lifetime * 86_400)
        let number = UInt32(oracle.lives.count)
        let index = oracle.issue(
            .sample(number, notAfter: Instant(seconds: notAfter), names: "place-\(place)-\(number)"))
        if present.indices.contains(place) { present[place] = index } else { present.append(index) }
        unrecorded.insert(place)
        trace.append("\(day): place \(place) holds certificate \(index) until day \(day(of: notAfter))")
    }

    private var day: Int64 { elapsed / 86_400 }
    private func day(of wall: Int64) -> Int64 { (wall - Self.start.seconds) / 86_400 }

    /// Random events until the next pass.
    private mutating func chance() {
        var wait = Int64.random(in: 12 * 3_600...5 * 86_400, using: &random)
        if random.chance(2) { wait += Int64.random(in: 1...60, using: &random) * 86_400 }
        elapsed += wait
        boot = BootTime(bootID: boot.bootID, seconds: boot.seconds + wait)
        if random.chance(3) { boot = BootTime(bootID: "boot \(elapsed)", seconds: 10) }
        if random.chance(2) { setClock() }
        if random.chance(4) { issue(at: Int.random(in: 0..<Self.places, using: &random)) }
        if random.chance(receiver.mood == usualMood ? 6 : 35) { changeMood() }
        time.now = Instant(seconds: wall)
        oracle.expire(at: wall)
    }

    /// Sets the clock wrong by weeks, or ahead by years, or corrects it.
    private mutating func setClock() {
        let error =
            random.chance(30)
            ? Int64.random(in: 1...12, using: &random) * 365 * 86_400
            : Int64.random(in: -40 * 86_400...40 * 86_400, using: &random)
        clockError = clockError == 0 ? error : 0
        trace.append("\(day): the clock is wrong by \(clockError / 3_600) h")
        disturb()
    }

    private mutating func silence() async throws {
        let days = Int64.random(in: 1...30, using: &random)
        let matcher = random.chance(50) ? "registration=fleet" : "severity=warning"
        let terms = SilenceTerms(
            matchers: try NoticeMatchers(parsing: [matcher]), author: "somebody", reason: "a change",
            endsAt: time.now + .days(days))
        _ = try await Ledger(engine: engine).addSilence(terms, plan: plan, at: time.now)
        trace.append("\(day): \(matcher) is silenced for \(days) days")
    }

    private mutating func changeMood() {
        let mood =
            receiver.mood == usualMood ? SimulatedReceiver.Mood.allCases.randomElement(using: &random) : usualMood
        receiver.mood = mood ?? usualMood
        trace.append("\(day): the receiver is \(receiver.mood)")
        disturb()
    }

    private mutating func disturb() {
        quietSince = elapsed
        quietPasses = 0
    }

    /// Makes one pass.
    ///
    /// - Returns: whether it was completed.
    private mutating func look() async throws -> Bool {
        let engine = MortalEngine(base: engine, diesAt: random.chance(5) ? Int.random(in: 1...14, using: &random) : nil)
        let before = receiver.accepted.count
        do {
            try await work(Ledger(engine: engine))
            oracle.look(at: present, at: wall, isCertain: true)
            unrecorded = []
            return true
        } catch is MortalEngine.Died {
            trace.append("\(day): killed")
            // Only the last message may have been accepted without a recorded result.
            if receiver.accepted.count > before { receiver.excuseLast() }
            oracle.look(at: present, at: wall, isCertain: false)
            return false
        }
    }

    private func work(_ ledger: Ledger) async throws {
        let run = try await ledger.beginRun(at: time.now)
        _ = try await ledger.observeClock(at: time.now, boot: boot, plan: plan)
        let changes = unrecorded.sorted().map { place in
            PathChange.read(
                FilePath("/pki/\(place).pem"), changeKey: nil,
                sightings: [.read(oracle.lives[present[place]].certificate)], encodings: [:], defects: [])
        }
        if !changes.isEmpty { _ = try await ledger.record(changes, of: source, plan: plan, at: time.now) }
        _ = try await ledger.finish(source, outcome: .seen, plan: plan, at: time.now)
        _ = try await ledger.decideDue(plan: plan, at: time.now)
        let loop = try DeliveryLoop(
            ledger: ledger, transfers: receiver,
            receivers: [.unreachable(), .unreachable(as: "spare", url: Self.spareURL)],
            plan: plan, time: time, bootTime: { [boot] in boot }, schedule: RetrySchedule(jitter: { 1_000 }),
            // The next pass is hours later, whatever the length of this one.
            mostAtOnce: 1, pause: { [time] in time.advance(by: $0) })
        _ = try await loop.drain(spending: TimeSpan(seconds: 300))
        try await ledger.finishRun(run, at: time.now)
    }

    private func compare() async throws {
        let repeats = ReceiverOracle.repeats(in: receiver.accepted, excused: receiver.excused)
        guard repeats.isEmpty else { throw violation("repeated without excuse: \(repeats)") }
        guard receiver.mood == usualMood, elapsed - quietSince > Self.patience, quietPasses > 3 else { return }
        if usualMood != .well, try await hasFreshBacklog() { return }
        if let complaint = oracle.complaint(about: receiver.accepted) { throw violation(complaint) }
    }

    /// Whether a delivery waits that was decided recently. A receiver that fails occasionally may have failed all
    /// attempts of the pass that decided it.
    private func hasFreshBacklog() async throws -> Bool {
        let freshSince = wall - Self.patience
        return try await engine.read { session in
            try session.first(
                """
                SELECT 1 FROM deliveries d JOIN notices n ON n.id = d.notice_id
                WHERE d.receiver = 'ops' AND d.held_by IS NULL AND n.observed_at > $1
                    AND d.state IN ('pending', 'sending', 'retry', 'unknown', 'parked')
                """, [.integer(freshSince)]
            ) { _ in true } ?? false
        }
    }

    /// A receiver that accepts nothing for days while messages wait must be reported to the fallback a day after the
    /// first failed attempt. An attempt of a killed sender is no evidence about the receiver.
    private func compareNews() async throws {
        let takes: Bool =
            switch receiver.mood {
            case .well, .flaky: true
            case .unreachable, .failing, .busy, .refusing, .mute: false
            }
        guard !takes, elapsed - quietSince > 3 * Self.patience, quietPasses > 3 else { return }
        let (latest, earliest) = (wall - 86_400, wall - (elapsed - quietSince))
        let isUntold = try await engine.read { session in
            try session.first(
                """
                SELECT 1 FROM deliveries d WHERE d.receiver = 'ops' AND d.held_by IS NULL AND d.attempts > 0
                    AND d.state IN ('retry', 'unknown', 'parked')
                    AND EXISTS(SELECT 1 FROM attempts a WHERE a.delivery_id = d.id
                        AND a.started_at BETWEEN $1 AND $2
                        AND a.detail IS NOT 'the sender ended before it could record the answer')
                    AND NOT EXISTS(SELECT 1 FROM findings f JOIN notices n ON n.episode = f.episode
                            AND n.subject = 'finding:' || f.registration || ':' || f.code || ':' || f.place
                        JOIN deliveries s ON s.notice_id = n.id AND s.receiver = 'spare' AND s.state = 'delivered'
                        WHERE f.place = 'ops' AND f.closed_at IS NULL)
                """, [.integer(earliest), .integer(latest)]
            ) { _ in true }
        }
        if isUntold == true { throw violation("the receiver is \(receiver.mood), and the fallback was not told") }
    }

    private func violation(_ what: String) -> OutboxViolation {
        OutboxViolation("day \(day): \(what)\n\(trace.joined(separator: "\n"))")
    }
}

/// A ledger whose process dies at one of its transactions, before or right after the commit.
private final class MortalEngine: LedgerEngine {
    struct Died: Error {}

    private let base: any LedgerEngine
    private let diesAt: Int?
    private let writes = Mutex(0)

    init(base: any LedgerEngine, diesAt: Int?) {
        self.base = base
        self.diesAt = diesAt
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        let count = writes.withLock { count in
            count += 1
            return count
        }
        guard let diesAt, count >= diesAt else { return try await base.write(body) }
        // Every second one dies after its commit. A dead process writes nothing more.
        if count == diesAt, diesAt.isMultiple(of: 2) { _ = try await base.write(body) }
        throw Died()
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await base.read(body)
    }
}
