import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import Messages
import Synchronization
import TestSupport

/// The environment of one schedule: two clocks, files with one certificate each, and a receiver that records its
/// messages.
final class OutboxWorld: Sendable {
    /// An accepted message.
    struct Message: Hashable {
        let id: String
        let body: [UInt8]
        let mayBeRepeat: Bool

        /// Its notices, one or in a digest several, by the identifiers of the messages that they would be alone.
        var notices: [String] {
            struct Native: Decodable {
                struct Content: Decodable {
                    let notice_id: String
                    let members: [Native]?
                }
                let data: Content
            }
            // A body of another kind has no notices, which breaks a promise.
            guard let native = try? JSONDecoder().decode(Native.self, from: Data(body)) else { return [] }
            return (native.data.members?.map(\.data.notice_id) ?? [native.data.notice_id]).map { String($0.prefix(29)) }
        }
    }

    /// The certificate of one file, and its successor.
    struct Lineage {
        let path: String
        let first: Certificate
        let successor: Certificate
        var isRenewed = false

        var current: Certificate { isRenewed ? successor : first }
    }

    private struct State {
        var bootSeconds: Int64 = 0
        var lineages: [Lineage]
        var accepted: [Message] = []
    }

    let engine: any LedgerEngine
    private let gate: GateObserver
    static let plan = WatchPlan(
        registrations: [Registration(name: "fleet", role: .client)],
        route: Route(receivers: ["ops"], fallback: ["spare"]))
    /// `spare` is the fallback of `ops`. Nothing is sent to it, so its waiting deliveries show what was decided.
    static let receivers: [(name: String, settings: [UInt8])] = [("ops", [0]), ("spare", [0])]
    var plan: WatchPlan { Self.plan }
    let time: ManualTime
    let source: SourceKey
    let size: Int
    private let state: Mutex<State>

    /// A world with `size` certificates that have 29 days left at `now`, which share one message if there are several.
    /// `number` makes them unique.
    init(engine: any LedgerEngine, number: UInt32, size: Int, at now: Instant) {
        self.engine = engine
        gate = GateObserver(engine: engine)
        self.size = size
        time = ManualTime(now)
        source = SourceKey(kind: .file, registration: "fleet", place: "/pki/\(number)")
        let lineages = (0..<UInt32(size)).map { index in
            let seed = 2 * (number * 16 + index)
            let name = "n\(number)-\(index)"
            return Lineage(
                path: "/pki/\(number)/\(index).pem",
                first: .sample(seed, notAfter: now + .days(29), names: name, key: name),
                successor: .sample(seed + 1, notAfter: now + .days(4_000), names: name, key: "\(name)'"))
        }
        state = Mutex(State(lineages: lineages))
    }

    var ledger: Ledger { Ledger(engine: engine) }
    var lineages: [Lineage] { state.withLock(\.lineages) }
    var accepted: [Message] { state.withLock { $0.accepted } }

    func renew(_ index: Int) {
        state.withLock { $0.lineages[index].isRenewed = true }
    }

    /// Expires all leases.
    func outlastLeases() {
        state.withLock { $0.bootSeconds += 61 }
    }

    /// A run of this world: it reads the files as they are at its beginning, records them, and sends what is due. It
    /// waits for retries within `budget`, while time passes for all runs.
    func run(looks: Bool, budget: TimeSpan) -> (SteppedRun, @Sendable (SteppedRun) async throws -> Void) {
        let run = SteppedRun { [weak self] transfer in self?.accept(transfer) }
        return (
            run,
            { [self] run in
                let ledger = Ledger(
                    engine: SteppedEngine(base: engine, run: run) { [self] in try await gate.check(at: clocks) })
                if looks { try await look(run, ledger) }
                _ = try await loop(ledger, run).drain(spending: budget)
            }
        )
    }

    /// The wall clock and the seconds since the boot.
    private var clocks: (now: Instant, bootSeconds: Int64) { (time.now, state.withLock { $0.bootSeconds }) }

    private func look(_ run: SteppedRun, _ ledger: Ledger) async throws {
        let revision = try await ledger.revision(of: source)
        let changes = lineages.map { lineage in
            PathChange.read(
                FilePath(lineage.path), changeKey: nil, sightings: [.read(lineage.current)], encodings: [:], defects: []
            )
        }
        try await run.pass(.looking)
        do {
            _ = try await ledger.record(changes, of: source, since: revision, plan: plan, at: time.now)
            _ = try await ledger.finish(source, outcome: .seen, since: revision.next, plan: plan, at: time.now)
        } catch is StaleObservation {}
        _ = try await ledger.decideDue(plan: plan, at: time.now)
    }

    private func loop(_ ledger: Ledger, _ run: SteppedRun) throws -> DeliveryLoop {
        try DeliveryLoop(
            ledger: ledger, transfers: run,
            receivers: [.unreachable(batch: size > 1 ? size : nil)],
            plan: plan, time: time,
            bootTime: { [self] in BootTime(bootID: "boot", seconds: state.withLock { $0.bootSeconds }) },
            schedule: RetrySchedule(jitter: { 1_000 }),
            // Only the two runs overlap here. Each stops at every step, one at a time.
            mostAtOnce: 1, pause: { [time] span in if !run.isDead { time.advance(by: span) } })
    }

    private func accept(_ transfer: Transfer) {
        let headers = Dictionary(transfer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        guard case .post(let body) = transfer.method else { return }
        let message = Message(
            id: headers["webhook-id"] ?? "", body: body,
            mayBeRepeat: headers["X-Notafter-Attempt"]?.contains("possible-duplicate=1") == true)
        state.withLock { $0.accepted.append(message) }
    }
}
