import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import TestSupport
import Synchronization

/// What is true outside of notafter in one schedule: two clocks, a file with a certificate, and a receiver that keeps
/// what it takes.
final class OutboxWorld: Sendable {
    /// A message that the receiver took.
    struct Message: Hashable {
        let id: String
        let body: [UInt8]
        let mayBeRepeat: Bool
    }

    private struct State {
        var bootSeconds: Int64 = 0
        var certificate: Certificate
        var accepted: [Message] = []
    }

    let engine: any LedgerEngine
    static let plan = WatchPlan(
        registrations: [Registration(name: "fleet", role: .client)], route: Route(receivers: ["ops"]))
    var plan: WatchPlan { Self.plan }
    let time: ManualTime
    let source: SourceKey
    let first: Certificate
    let successor: Certificate
    private let state: Mutex<State>

    /// A certificate that has 29 days left at `now`; `number` makes it one of its own.
    init(engine: any LedgerEngine, number: UInt32, at now: Instant) {
        self.engine = engine
        time = ManualTime(now)
        source = SourceKey(kind: .file, registration: "fleet", place: "/pki/\(number).pem")
        first = .sample(2 * number, notAfter: now + .days(29), names: "n\(number)")
        successor = .sample(2 * number + 1, notAfter: now + .days(4_000), names: "n\(number)")
        state = Mutex(State(certificate: first))
    }

    var ledger: Ledger { Ledger(engine: engine) }
    var isRenewed: Bool { state.withLock { $0.certificate == successor } }
    var accepted: [Message] { state.withLock { $0.accepted } }

    func renew() {
        state.withLock { $0.certificate = successor }
    }

    /// No lease holds any more.
    func outlastLeases() {
        state.withLock { $0.bootSeconds += 61 }
    }

    /// A run of this world: it looks at the file as it is when the run begins, records what it saw, and sends what is due.
    func run(looks: Bool) -> (SteppedRun, @Sendable (SteppedRun) async throws -> Void) {
        let run = SteppedRun { [weak self] transfer in self?.accept(transfer) }
        return (
            run,
            { [self] run in
                let ledger = Ledger(engine: SteppedEngine(base: engine, run: run))
                if looks { try await look(run, ledger) }
                _ = try await loop(ledger, run).drain()
            }
        )
    }

    private func look(_ run: SteppedRun, _ ledger: Ledger) async throws {
        let revision = try await ledger.revision(of: source)
        let seen = state.withLock { $0.certificate }
        try await run.pass(.looking)
        let change = PathChange.read(
            FilePath(source.place), changeKey: nil, sightings: [.read(seen)], encodings: [:], defects: [])
        do {
            _ = try await ledger.record([change], of: source, since: revision, plan: plan, at: time.now)
            _ = try await ledger.finish(source, outcome: .seen, since: revision.next, plan: plan, at: time.now)
        } catch is StaleObservation {}
        _ = try await ledger.decideDue(plan: plan, at: time.now)
    }

    private func loop(_ ledger: Ledger, _ transfers: any TransferPerforming) throws -> DeliveryLoop {
        try DeliveryLoop(
            ledger: ledger, transfers: transfers,
            receivers: [.unreachable()],
            plan: plan, time: time,
            bootTime: { [self] in BootTime(bootID: "boot", seconds: state.withLock { $0.bootSeconds }) },
            schedule: RetrySchedule(jitter: { 1_000 }))
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
