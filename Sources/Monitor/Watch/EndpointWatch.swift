import Certificates
import Configuration
import CurlBinding
import ExpiryRules
import LedgerStorage
import Logging
import Probing
import ServiceLifecycle
import Synchronization

/// Probes the endpoints that have an interval of their own, concurrently with the daemon's passes.
///
/// Rounds run concurrently and are recorded together once a second, since a transaction for each would be thousands of
/// commits.
final class EndpointWatch: Sendable {
    private static let tick = Duration.seconds(1)
    /// Each round has at least two connections, and the loop performs 1,024 transfers at once.
    private static let mostRoundsAtOnce = 512

    /// Bounds memory when the ledger cannot keep up. While so many reports wait to be recorded, rounds are skipped.
    private static let mostUnrecorded = 20_000
    /// Recording a chain costs more than recording a verdict, and can wait for the next second.
    private static let chainsAtOnce = 25

    private struct Work {
        var schedule: ProbeSchedule
        /// Distinguishes rounds of this configuration from those of an earlier one.
        var generation = 0
        var plan: WatchPlan
        var reports = Backlog<ProbeReport>(limit: EndpointWatch.mostUnrecorded)
        var chains = ChainMemory()
    }

    private let ledger: Ledger
    private let prober: Prober
    private let time: any TimeSource
    private let logger: Logger
    private let work: Mutex<Work>
    private let schedule = WorkTicker(interval: EndpointWatch.tick)
    /// Separate from the schedule, which must not wait for the disk.
    private let recording = WorkTicker(interval: EndpointWatch.tick)

    init(settings: Settings, ledger: Ledger, transfers: TransferLoop, time: any TimeSource, logger: Logger) {
        self.ledger = ledger
        self.prober = Prober(loop: transfers)
        self.time = time
        self.logger = logger
        work = Mutex(Self.work(settings, at: time.now))
    }

    /// Continues with the endpoints of a new configuration.
    func adopt(_ settings: Settings) {
        let now = time.now
        work.withLock { work in
            var next = Self.work(settings, at: now)
            next.generation = work.generation + 1
            // Reports of endpoints that remain are still recorded.
            let names = Set(settings.endpoints.map(\.name))
            next.reports = work.reports
            next.reports.keep { names.contains($0.name) }
            work = next
        }
        schedule.wake()
        recording.wake()
    }

    private static func work(_ settings: Settings, at now: Instant) -> Work {
        Work(schedule: ProbeSchedule(settings.endpoints, from: now), plan: settings.plan)
    }

    /// Runs until shutdown. Rounds in progress are cancelled and not recorded.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await self.recording.run(while: { self.hasReportsToRecord }) { await self.record() }
            }
            await schedule.run(while: { hasEndpoints }) { start(in: &group) }
            group.cancelAll()
        }
    }

    private var hasEndpoints: Bool { work.withLock { !$0.schedule.isEmpty } }

    /// Also true while there are endpoints, since a report can arrive at any time.
    private var hasReportsToRecord: Bool {
        work.withLock { !$0.schedule.isEmpty || !$0.reports.isEmpty || !$0.chains.isEmpty }
    }

    private func start(in group: inout DiscardingTaskGroup) {
        let now = time.now
        let (due, generation) = work.withLock { work in
            let limit = work.reports.hasRoom ? Self.mostRoundsAtOnce : 0
            return (work.schedule.takeDue(at: now, limit: limit), work.generation)
        }
        let memo = RoundMemo()
        for (index, endpoint) in due {
            group.addTask {
                let report = await self.prober.probe(endpoint, at: now, sharing: memo)
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
        let (reports, plan) = work.withLock { work in
            let reports = work.reports.take()
            work.chains.note(reports, at: now)
            return (reports, work.plan)
        }
        let observer = EndpointObserver(ledger: ledger, plan: plan, time: time)
        var notices = await recordVerdicts(reports, by: observer)
        let chains = work.withLock { work in
            work.reports.isStuck ? [] : work.chains.takeNext(Self.chainsAtOnce, at: now)
        }
        if !chains.isEmpty { notices += await recordChains(chains, by: observer) }
        if notices > 0 { logger.info("probes", metadata: ["notices": "\(notices)"]) }
    }

    /// Keeps reports that could not be recorded for the next attempt: a lost round would be missing from the count of
    /// bad rounds in a row.
    private func recordVerdicts(_ reports: [ProbeReport], by observer: EndpointObserver) async -> Int {
        guard !reports.isEmpty else { return 0 }
        do {
            let notices = try await observer.recordVerdicts(of: reports).count
            let (wasStuck, lost) = work.withLock { work in
                defer { work.reports.settle() }
                return (work.reports.isStuck, work.reports.lost)
            }
            if wasStuck {
                logger.notice(
                    "probes recorded again", metadata: ["rounds": "\(reports.count)", "rounds_lost": "\(lost)"])
            }
            return notices
        } catch {
            let isNews = work.withLock { work in
                defer { work.reports.putBack(reports) }
                return !work.reports.isStuck
            }
            if isNews { logger.error("probes not recorded, tried again", metadata: ["error": "\(error)"]) }
            return 0
        }
    }

    private func recordChains(_ chains: [ProbeReport], by observer: EndpointObserver) async -> Int {
        do {
            return try await observer.recordChains(of: chains).count
        } catch {
            work.withLock { $0.chains.forget(chains) }
            logger.error("what endpoints present not recorded", metadata: ["error": "\(error)"])
            return 0
        }
    }
}

/// The chain that each endpoint presented, and when it was last recorded, so that an unchanged chain is not written
/// after each round.
struct ChainMemory {
    /// The default interval of the daemon's passes.
    private static let validity = TimeSpan.hours(1)

    /// Whether no chain waits to be recorded.
    var isEmpty: Bool { order.isEmpty }

    private var known: [String: (chains: Set<[UInt8]>, recordedAt: Instant)] = [:]
    /// The newest report of each endpoint that is to be recorded. `order` has the order of arrival.
    private var waiting: [String: ProbeReport] = [:]
    private var order: [String] = []

    /// Queues the reports whose chain changed or was recorded too long ago.
    mutating func note(_ reports: [ProbeReport], at now: Instant) {
        for report in reports {
            let chains = Set(report.rounds.flatMap(\.neededChain))
            if let last = known[report.name], last.chains == chains, now >= last.recordedAt,
                now - last.recordedAt < Self.validity
            {
                continue
            }
            if waiting.updateValue(report, forKey: report.name) == nil { order.append(report.name) }
        }
    }

    /// Removes and returns the next reports, and notes them as recorded.
    mutating func takeNext(_ count: Int, at now: Instant) -> [ProbeReport] {
        let names = order.prefix(count)
        order.removeFirst(names.count)
        let reports = names.compactMap { waiting.removeValue(forKey: $0) }
        for report in reports { known[report.name] = (Set(report.rounds.flatMap(\.neededChain)), now) }
        return reports
    }

    /// Undoes `takeNext` for reports that could not be recorded.
    mutating func forget(_ reports: [ProbeReport]) {
        for report in reports { known[report.name] = nil }
    }
}
