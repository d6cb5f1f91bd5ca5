import Certificates
import Configuration
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import Scanning
import SourceReading
import TestSupport
import Testing
@testable import Monitor

/// A clock that a test sets, in a rehearsal: the machine's own clocks are not compared with it.
struct RehearsedTime: TimeSource {
    let manual: ManualTime

    var now: Instant { manual.now }
    var isRehearsal: Bool { true }
}

/// A ledger in memory, a directory of certificates and a clock, for the parts of a pass.
struct MonitorWorld {
    /// Inside the default validity of issued certificates.
    static let start = Instant(seconds: 1_800_000_000)

    let directory: TemporaryDirectory
    let ledger: Ledger
    let clock = ManualTime(Self.start)
    let transfers: TransferLoop

    init() throws {
        directory = try TemporaryDirectory()
        let path = directory.path(of: "empty.db")
        _ = try Ledger(sqliteFile: path)
        ledger = try Ledger(copyOfSQLiteFile: path)
        transfers = try TransferLoop()
        try directory.makeDirectory("pki")
    }

    var time: any TimeSource { RehearsedTime(manual: clock) }
    var place: String { directory.path(of: "pki") }

    func source(_ registration: String = "fleet") -> FileSource {
        FileSource(registration: registration, pattern: PathPattern(literal: place))
    }

    func plan(_ registrations: [Registration] = [Registration(name: "fleet", role: .client)]) -> WatchPlan {
        WatchPlan(registrations: registrations, route: Route(receivers: ["ops"]))
    }

    /// Settings of one registration with the directory, and of one webhook, if there is a URL for it.
    func settings(webhook: String? = nil, _ registration: Registration = Registration(name: "fleet", role: .client))
        throws -> Settings
    {
        let receivers = try webhook.map { url in
            try #require(
                ConfiguredReceiver(
                    name: "ops", kind: .webhook, settings: ReceiverSettings(["url": .secret(Secret(url))])))
        }
        let all = [receivers].compactMap(\.self)
        return Settings(
            stateFile: directory.path(of: "ledger.db"), registrations: [registration],
            sources: [source(registration.name)], endpoints: [], receivers: all,
            route: Route(receivers: all.map(\.name)))
    }

    func pass(_ settings: Settings) -> Pass {
        Pass(settings: settings, ledger: ledger, transfers: transfers, time: time, pause: { _ in })
    }

    /// Reads files as if they had been unchanged for a minute.
    func observer(_ plan: WatchPlan) -> SourceObserver {
        SourceObserver(
            ledger: ledger, plan: plan, time: time, fileClock: { SystemTime().now + TimeSpan(seconds: 60) },
            transfers: transfers)
    }

    /// Observes a source, and finishes it as a pass does.
    @discardableResult
    func observe(_ source: some Source, _ plan: WatchPlan) async throws -> [Int64] {
        let observed = try await observer(plan).observe(source)
        let unfinished = [observed.unfinished].compactMap(\.self)
        return try await observed.noticeIDs + ledger.finish(unfinished, plan: plan, at: clock.now)
    }

    /// Observes the directory, and finishes it as a pass does.
    @discardableResult
    func observeFiles(_ plan: WatchPlan) async throws -> [Int64] {
        try await observe(source(), plan)
    }

    /// The subjects of what is watched, in the order of the ledger.
    func watched() async throws -> [String] {
        try await ledger.snapshot { snapshot in
            try snapshot.watched(after: 0, limit: 100).map { _, item in "\(item.registration) \(item.object.name)" }
        }
    }

    func openFindings() async throws -> [FindingCode] {
        try await ledger.openFindings().map(\.code)
    }
}
