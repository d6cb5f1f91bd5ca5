import Certificates
import CurlBinding
import LedgerStorage
import TestSupport

/// One random schedule: two runs are stepped in any order and killed anywhere, while time passes, certificates are
/// renewed and the receiver fails in every way. At the end there are no more failures.
struct OutboxSchedule {
    /// The number of runs after the last failure within which everything must be settled.
    private static let patience = 12

    private struct Slot {
        var run: SteppedRun
        var stop: SteppedRun.Stop
        /// A message was sent under a lease, and its result is not recorded yet.
        var isUnsettled = false
    }

    let world: OutboxWorld
    /// Whether a run may be frozen for longer than its lease after it has checked the lease (SIGSTOP, a suspended
    /// virtual machine). This is the only case in which the order of messages is not promised.
    let mayFreeze: Bool
    /// How long runs wait for retries.
    private let budget: TimeSpan
    private var random: SeededGenerator
    private var slots: [Slot?] = [nil, nil]
    /// The history of the schedule, for failures.
    private(set) var trace: [String] = []

    init(world: OutboxWorld, seed: UInt64) {
        self.world = world
        random = SeededGenerator(seed: seed)
        mayFreeze = random.chance(20)
        budget = TimeSpan(seconds: seed.isMultiple(of: 2) ? 300 : 0)
    }

    /// Plays the schedule until the world is settled.
    ///
    /// - Throws: `OutboxViolation` when it never settles, or the error of a run.
    mutating func play() async throws {
        for _ in 0..<Int.random(in: 20...80, using: &random) { try await step() }
        try await settle()
    }

    private mutating func step() async throws {
        let worker = Int.random(in: 0..<2, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<76:
            try await move(worker)
        case 76..<81:
            try await kill(worker)
        case 81..<91:
            let delays: [Int64] = [5, 300, 3_600, 12 * 3_600, 24 * 3_600, 7 * 86_400]
            pass(seconds: delays.randomElement(using: &random) ?? 5)
        case 91..<96:
            let index = Int.random(in: 0..<world.size, using: &random)
            guard !world.lineages[index].isRenewed, random.chance(50) else { return }
            trace.append("renew \(index)")
            world.renew(index)
        default:
            guard mayOutlastLeases else { return }
            trace.append("leases end")
            world.outlastLeases()
        }
    }

    /// A message that becomes due a week after expiry is no longer useful. Before that, none may be lost.
    private func pass(seconds: Int64) {
        guard world.time.now + TimeSpan(seconds: seconds) < lastInstant else { return }
        world.time.advance(by: TimeSpan(seconds: seconds))
    }

    private var lastInstant: Instant {
        guard case .at(let expiry) = world.lineages[0].first.validity.expiry else { return world.time.now }
        return expiry + .days(1)
    }

    /// A lease is longer than any attempt, so it can only expire when its holder is dead or has not begun to send.
    private var mayOutlastLeases: Bool {
        slots.allSatisfy { slot in
            guard let slot, !mayFreeze else { return true }
            return slot.stop != .sending && slot.stop != .answered && !slot.isUnsettled
        }
    }

    private mutating func move(_ worker: Int) async throws {
        guard var slot = slots[worker] else {
            let (run, work) = world.run(looks: random.chance(60), budget: budget)
            trace.append("\(worker): starts")
            let stop = await run.start(work)
            return try keep(Slot(run: run, stop: stop), as: worker)
        }
        let order = slot.stop == .sending ? answer() : .go
        let before = slot.stop
        slot.stop = await slot.run.go(on: order)
        if before == .sending { slot.isUnsettled = true }
        if before == .writing, slot.stop == .committed { slot.isUnsettled = false }
        try keep(slot, as: worker)
    }

    private mutating func kill(_ worker: Int) async throws {
        guard let slot = slots[worker] else { return }
        trace.append("\(worker): killed at \(slot.stop)")
        _ = await slot.run.go(on: .die)
        slots[worker] = nil
    }

    private mutating func keep(_ slot: Slot, as worker: Int) throws {
        trace.append("\(worker): \(slot.stop)")
        slots[worker] = slot.stop == .ended ? nil : slot
        if let error = slot.run.error { throw error }
    }

    private mutating func answer() -> SteppedRun.Order {
        let (name, result, takes): (String, TransferResult, Bool) =
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<40: ("200", TransferResult(code: .ok, status: 200, uploadedBytes: 1), true)
            case 40..<52: ("taken, answer lost", TransferResult(code: .receiveFailed, uploadedBytes: 1), true)
            case 52..<60: ("cut off amid", TransferResult(code: .sendFailed, uploadedBytes: 1), false)
            case 60..<68: ("not connected", TransferResult(code: .connectFailed), false)
            case 68..<74: ("500, taken", TransferResult(code: .ok, status: 500, uploadedBytes: 1), true)
            case 74..<80: ("502, not taken", TransferResult(code: .ok, status: 502, uploadedBytes: 1), false)
            case 80..<86:
                ("429", TransferResult(code: .ok, status: 429, uploadedBytes: 1, retryAfterSeconds: 3_600), false)
            case 86..<92:
                ("503", TransferResult(code: .ok, status: 503, uploadedBytes: 1, retryAfterSeconds: 7_200), false)
            case 92..<96: ("400", TransferResult(code: .ok, status: 400, uploadedBytes: 1), false)
            default: ("403", TransferResult(code: .ok, status: 403, uploadedBytes: 1), false)
            }
        trace.append(name)
        return .answer(result, takes: takes)
    }

    /// Runs without failures: running ones are completed, and further runs are made until everything is settled.
    private mutating func settle() async throws {
        trace.append("from here on all goes well")
        for worker in 0..<2 {
            while var slot = slots[worker] {
                slot.stop = await slot.run.go(on: slot.stop == .sending ? Self.taken : .go)
                try keep(slot, as: worker)
            }
        }
        world.outlastLeases()
        for round in 0..<Self.patience {
            let news = ReceiverNews(engine: world.engine)
            let now = world.time.now
            // A renewal that this run sees makes the waiting deliveries unnecessary.
            let mayBeNeedless = world.lineages.contains(where: \.isRenewed)
            let isOverdue = mayBeNeedless ? false : try await news.isOverdue(at: now)
            let (run, work) = world.run(looks: true, budget: budget)
            var slot = Slot(run: run, stop: await run.start(work))
            try keep(slot, as: 0)
            while slot.stop != .ended {
                slot.stop = await run.go(on: slot.stop == .sending ? Self.taken : .go)
                try keep(slot, as: 0)
            }
            if isOverdue, try await !news.wasTold(at: now) {
                throw OutboxViolation("nothing is told of a receiver that has taken nothing for a day")
            }
            if round > 0, try await world.ledger.outboxState(expiredSince: world.time.now).open == 0 { return }
            world.time.advance(by: .hours(12))
        }
        throw OutboxViolation("it is never settled")
    }

    private static let taken = SteppedRun.Order.answer(
        TransferResult(code: .ok, status: 200, uploadedBytes: 1), takes: true)
}

/// A broken promise.
struct OutboxViolation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
