import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Monitor
import Synchronization
import TestSupport
import Testing

/// A random site with a past: registrations, certificates that were renewed or returned, and receivers that failed.
/// Afterwards only time passes.
struct ForecastWorld {
    static let horizon = TimeSpan.days(45)

    /// A sent message. Its id identifies content and receiver.
    struct Telling: Hashable, Comparable {
        let at: Instant
        let id: String

        static func < (left: Telling, right: Telling) -> Bool { (left.at, left.id) < (right.at, right.id) }
    }

    let ledger: Ledger
    let time: ManualTime
    let interval: TimeSpan
    private let directory: TemporaryDirectory
    private let path: String
    private let plan: WatchPlan
    private let receivers: [ConfiguredReceiver]
    private let transfers: RecordingTransfers
    private var random: SeededGenerator

    init(seed: UInt64, thresholds: [Threshold], interval: TimeSpan, hasBadTimes: Bool) async throws {
        var random = SeededGenerator(seed: seed)
        directory = try TemporaryDirectory()
        path = directory.path(of: "ledger.db")
        ledger = try Ledger(sqliteFile: path)
        time = ManualTime(Instant(seconds: 1_800_000_000 + Int64(seed)))
        self.interval = interval
        receivers = try ["ops", "team", "boss"].prefix(Int.random(in: 0...3, using: &random)).map { name in
            var settings: [String: SettingValue] = ["url": .secret(Secret("http://127.0.0.1:9/\(name)"))]
            if name == "team" { settings["batch"] = .number(3) }
            return try #require(
                ConfiguredReceiver(name: name, kind: .webhook, settings: ReceiverSettings(settings)))
        }
        let registrations = (0..<Int.random(in: 1...3, using: &random)).map { number in
            let count = Int.random(in: 0...min(4, thresholds.count), using: &random)
            return Registration(
                name: "r\(number)", role: .client, thresholds: Array(thresholds.shuffled(using: &random).prefix(count)),
                reminders: random.chance(30)
                    ? ReminderSchedule(every: .days(Int64.random(in: 1...9, using: &random))) : nil)
        }
        // A rule in place of `receivers`, which would also get notices about refusing receivers. Their times depend on
        // the speed of the lanes, which a forecast cannot know.
        let everybody = Route.Rule(try NoticeMatchers(parsing: ["registration=*"]), receivers: receivers.map(\.name))
        var plan = WatchPlan(
            registrations: registrations, route: Route(receivers: [], rules: receivers.isEmpty ? [] : [everybody]))
        if !receivers.isEmpty, random.chance(50) {
            plan.summary = SummaryPlan(
                every: .days(Int64.random(in: 1...9, using: &random)), from: SummaryPlan.usualBeginning,
                receivers: [receivers[0].name])
        }
        self.plan = plan
        transfers = RecordingTransfers(failures: hasBadTimes ? seed : nil)
        self.random = random
        try await live()
    }

    private var sources: [SourceKey] {
        plan.registrations.map { SourceKey(kind: .file, registration: $0.name, place: "/pki/\($0.name)") }
    }

    /// Generates the past.
    private mutating func live() async throws {
        let start = time.now
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            var changes: [SourceKey: [PathChange]] = [:]
            for source in sources {
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    let number = UInt32.random(in: 0..<8, using: &random)
                    let certificate = Certificate.sample(
                        number, notAfter: start + TimeSpan(seconds: Int64(number) * 900_017 - 3 * 86_400))
                    let path = FilePath("\(source.place)/\(Int.random(in: 0..<3, using: &random)).pem")
                    changes[source, default: []].append(
                        .read(path, changeKey: [1], sightings: [.read(certificate)], defects: []))
                }
            }
            try await pass(changes)
            time.advance(by: TimeSpan(seconds: Int64.random(in: 1...4 * 86_400, using: &random)))
        }
        // Passes record missing certificates as removed, which a forecast does not do.
        for _ in 0..<3 {
            try await pass()
            time.advance(by: .hours(4))
        }
        if random.chance(40) { try await silence() }
        try await pass()
        // Shorter than the interval, so that no pass is missed.
        time.advance(by: TimeSpan(seconds: Int64.random(in: 0..<interval.seconds, using: &random)))
        transfers.takeEverything()
    }

    /// Silences one registration for some days.
    private mutating func silence() async throws {
        let terms = SilenceTerms(
            matchers: try NoticeMatchers(parsing: ["registration=r0"]), author: "nina", reason: "work on it",
            endsAt: time.now + TimeSpan(seconds: Int64.random(in: 3_600...30 * 86_400, using: &random)))
        _ = try await ledger.addSilence(terms, plan: plan, at: time.now)
    }

    /// One pass of the daemon.
    func pass(_ changes: [SourceKey: [PathChange]] = [:]) async throws {
        let run = try await ledger.beginRun(at: time.now)
        try await ledger.reconcile(sources: sources, plan: plan, at: time.now)
        for source in sources {
            if let changes = changes[source] {
                _ = try await ledger.record(changes, of: source, plan: plan, at: time.now)
            }
            _ = try await ledger.finish(source, outcome: .seen, plan: plan, at: time.now)
        }
        _ = try await ledger.decideDue(plan: plan, at: time.now)
        _ = try await ledger.decideSummary(plan: plan, at: time.now)
        try await deliver()
        try await ledger.finishRun(run, at: time.now)
    }

    func deliver() async throws {
        let loop = DeliveryLoop(
            ledger: ledger, transfers: transfers, receivers: receivers, plan: plan, time: time,
            bootTime: { BootTime(bootID: "boot", seconds: 0) }, schedule: RetrySchedule(jitter: { 1_000 }))
        try await loop.reconcile()
        let already = transfers.taken.count
        _ = try await loop.drain()
        transfers.note(time.now, since: already)
    }

    /// The present forecast.
    func forecast() async throws -> [Telling] {
        let forecaster = Forecaster(
            copy: try Ledger(copyOfSQLiteFile: path), plan: plan, receivers: receivers, sources: sources,
            interval: interval)
        let forecast = try await forecaster.forecast(from: time.now, until: time.now + Self.horizon)
        let tellings = forecast.notices.flatMap { notice in
            notice.audience.map { Telling(at: notice.at, id: $0.messageID) }
        }
        // Several notices may share one message.
        return Set(tellings).sorted()
    }

    /// The messages that are actually sent, with the first pass at `firstPass`.
    func replay(from firstPass: Instant) async throws -> [Telling] {
        let end = time.now + Self.horizon
        let past = transfers.heard.count
        var nextPass = firstPass
        while min(time.now, nextPass) <= end {
            if time.now >= nextPass {
                try await pass()
                nextPass = nextPass + interval
            } else {
                try await deliver()
            }
            let next = [try await nextDelivery(), nextPass].compactMap(\.self).min() ?? nextPass
            guard next <= end else { break }
            time.now = next
        }
        return transfers.heard[past...].sorted()
    }

    private func nextDelivery() async throws -> Instant? {
        try await ledger.nextDeliveryDue().flatMap { $0 > time.now ? $0 : nil }
    }

    /// The due time of the pass after the last one.
    func nextPass() async throws -> Instant {
        let last = try #require(try await ledger.lastPass())
        return last + interval
    }
}

/// Receivers that fail at times, and then accept everything.
final class RecordingTransfers: TransferPerforming {
    private struct State {
        var random: SeededGenerator?
        var taken: [String] = []
        var heard: [ForecastWorld.Telling] = []
    }

    private let state: Mutex<State>

    init(failures seed: UInt64?) {
        state = Mutex(State(random: seed.map(SeededGenerator.init)))
    }

    var taken: [String] { state.withLock { $0.taken } }
    var heard: [ForecastWorld.Telling] { state.withLock { $0.heard } }

    func takeEverything() { state.withLock { $0.random = nil } }

    /// Records that all messages from index `count` on were accepted at `now`.
    func note(_ now: Instant, since count: Int) {
        state.withLock { state in
            state.heard += state.taken[count...].map { ForecastWorld.Telling(at: now, id: $0) }
        }
    }

    private static func answer(_ random: inout SeededGenerator?) -> Int {
        guard var generator = random else { return 200 }
        defer { random = generator }
        return [200, 200, 503, 404].randomElement(using: &generator) ?? 200
    }

    func perform(_ transfer: Transfer) async -> TransferResult {
        state.withLock { state in
            let status = Self.answer(&state.random)
            guard status == 200 else { return TransferResult(code: .ok, status: status, uploadedBytes: 1) }
            let id = transfer.headers.first { $0.name == "webhook-id" }?.value ?? ""
            state.taken.append(id)
            return TransferResult(code: .ok, status: 200, uploadedBytes: 1)
        }
    }
}
