import AsyncAlgorithms
import Certificates
import Configuration
import CurlBinding
import ExpiryRules
import LedgerStorage
import Logging
import Probing
import ServiceLifecycle
import Synchronization

/// Probes the endpoints that have an interval of their own, beside the daemon's passes.
///
/// Rounds are made all at once, and recorded together once a second: a transaction for each would be thousands of commits.
final class EndpointWatch: Sendable {
    private static let tick = Duration.seconds(1)
    /// Each has at least two connections, and the loop performs 1,024 transfers at once.
    private static let mostRoundsAtOnce = 512

    private struct Work {
        var schedule: ProbeSchedule
        /// Tells rounds of an earlier configuration from those of this one.
        var generation = 0
        var plan: WatchPlan
        var reports: [ProbeReport] = []
        var chains = ChainMemory()
    }

    private let ledger: Ledger
    private let prober: Prober
    private let time: any TimeSource
    private let logger: Logger
    private let work: Mutex<Work>

    init(settings: Settings, ledger: Ledger, transfers: TransferLoop, time: any TimeSource, logger: Logger) {
        self.ledger = ledger
        self.prober = Prober(loop: transfers)
        self.time = time
        self.logger = logger
        work = Mutex(Self.work(settings, at: time.now))
    }

    /// Goes on with other endpoints, or the same in another way.
    func adopt(_ settings: Settings) {
        let now = time.now
        work.withLock { work in
            var next = Self.work(settings, at: now)
            next.generation = work.generation + 1
            work = next
        }
    }

    private static func work(_ settings: Settings, at now: Instant) -> Work {
        Work(schedule: ProbeSchedule(settings.endpoints, from: now), plan: settings.plan)
    }

    /// Returns when it is shut down; rounds that are under way are called off and leave no trace.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await _ in AsyncTimerSequence(interval: Self.tick, clock: .continuous).cancelOnGracefulShutdown() {
                start(in: &group)
                await record()
            }
            group.cancelAll()
        }
    }

    private func start(in group: inout DiscardingTaskGroup) {
        let now = time.now
        let (due, generation) = work.withLock {
            ($0.schedule.takeDue(at: now, limit: Self.mostRoundsAtOnce), $0.generation)
        }
        for (index, endpoint) in due {
            group.addTask {
                let report = await self.prober.probe(endpoint, at: now)
                self.work.withLock { work in
                    guard work.generation == generation else { return }
                    work.schedule.finish(index)
                    if report.verdict != .cancelled { work.reports.append(report) }
                }
            }
        }
    }

    private func record() async {
        let now = time.now
        let (reports, plan, fresh) = work.withLock { work in
            defer { work.reports = [] }
            return (work.reports, work.plan, work.chains.fresh(in: work.reports, at: now))
        }
        guard !reports.isEmpty else { return }
        do {
            let observer = EndpointObserver(ledger: ledger, plan: plan, time: time)
            let notices = try await observer.observe(reports, chains: fresh)
            if !notices.isEmpty { logger.info("probes", metadata: ["notices": "\(notices.count)"]) }
        } catch {
            work.withLock { $0.chains.forget(fresh) }
            logger.error("probes not recorded", metadata: ["error": "\(error)"])
        }
    }
}

/// Which endpoints presented what, and when that was last recorded: a chain that stays the same need not be written at
/// each round.
struct ChainMemory {
    /// As long as a daemon's pass would leave it.
    private static let validity = TimeSpan.hours(1)

    private var known: [String: (chains: Set<[UInt8]>, recordedAt: Instant)] = [:]

    /// They were not recorded after all.
    mutating func forget(_ names: Set<String>) {
        for name in names { known[name] = nil }
    }

    /// The reports whose chains are to be recorded, which counts as done.
    mutating func fresh(in reports: [ProbeReport], at now: Instant) -> Set<String> {
        var names: Set<String> = []
        for report in reports {
            let chains = Set(report.rounds.flatMap(\.presentedChain))
            if let last = known[report.name], last.chains == chains, now - last.recordedAt < Self.validity,
                now >= last.recordedAt
            {
                continue
            }
            known[report.name] = (chains, now)
            names.insert(report.name)
        }
        return names
    }
}
