import Certificates
import ExpiryRules
import TestSupport
import Testing

struct ReceiverGateTests {
    private static let now = Instant(seconds: 1_800_000_000)
    private static let second = TimeSpan(seconds: 1)

    /// An event of a gate: an outcome of a message, or time.
    enum Step: Sendable {
        case taken(Int64 = 1)
        case failed(Int64)
        case unreachable(Int64 = 1)
        case busy(Int64)
        /// Wait until the gate lets a message through.
        case wait
        /// Days in which nothing is sent.
        case idle(Int64)
    }

    /// Applies steps. Each message is claimed with the gate's state at that time.
    private func played(_ steps: [Step]) -> (gate: ReceiverGate, now: Instant) {
        var gate = ReceiverGate()
        var now = Self.now
        for step in steps {
            let (evidence, message): (ReceiverEvidence, Int64)
            switch step {
            case .taken(let id): (evidence, message) = (.answered, id)
            case .failed(let id): (evidence, message) = (.messageFailed, id)
            case .unreachable(let id): (evidence, message) = (.unreachable, id)
            case .busy(let seconds): (evidence, message) = (.busy(TimeSpan(seconds: seconds)), 1)
            case .wait:
                now = max(now, gate.closedUntil)
                continue
            case .idle(let days):
                now = now + .days(days)
                continue
            }
            gate = gate.after(.init(evidence, of: message, closingsAtClaim: gate.closings), at: now)
        }
        return (gate, now)
    }

    /// Steps, and for how many seconds the gate is then closed; 0 for an open or half-open one.
    @Test(
        arguments: [
            ("one failure delays its message alone", [.failed(1)], 0),
            ("so do three", [.failed(1), .failed(2), .failed(3)], 0),
            ("four different messages in a row close it", [.failed(1), .failed(2), .failed(3), .failed(4)], 5),
            ("one message closes it never", [.failed(1), .failed(1), .failed(1), .failed(1), .failed(1)], 0),
            ("an answer ends the row", [.failed(1), .failed(2), .failed(3), .taken(), .failed(4)], 0),
            ("a refused connection closes it at once", [.unreachable()], 5),
            ("and longer each time", [.unreachable(), .wait, .unreachable(2)], 300),
            ("and longer still", [.unreachable(), .wait, .unreachable(2), .wait, .unreachable(3)], 1_800),
            ("an answer opens it", [.unreachable(), .wait, .taken()], 0),
            ("then it begins anew", [.unreachable(), .wait, .unreachable(), .wait, .taken(), .unreachable()], 5),
            ("429 closes it for Retry-After", [.busy(3_600)], 3_600),
            ("at least for the back-off", [.busy(1)], 5),
            ("at most for a day", [.busy(1_000_000_000)], 86_400),
            ("without a time, for the back-off", [.busy(0)], 5),
            (
                "after days without a message it begins anew",
                [.unreachable(), .wait, .unreachable(), .idle(3), .unreachable()], 5
            ),
            ("not within a day", [.unreachable(), .wait, .unreachable(), .wait, .unreachable()], 1_800),
            ("a probe that fails closes it again", [.unreachable(), .wait, .failed(7)], 300),
        ] as [(String, [Step], Int64)])
    func `a gate closes on evidence about the receiver`(what: String, steps: [Step], seconds: Int64) {
        let (gate, now) = played(steps)
        #expect(max(0, (gate.closedUntil - now).seconds) == seconds, "\(what): \(gate)")
    }

    @Test func `it is half-open after its time until an answer comes`() {
        let closed = played([.unreachable()]).gate
        #expect(closed.position(at: Self.now) == .closed)
        let later = closed.closedUntil
        #expect(closed.position(at: later) == .halfOpen)
        let outcome = ReceiverGate.Outcome(.answered, of: 1, closingsAtClaim: closed.closings)
        #expect(closed.after(outcome, at: later).position(at: later) == .open)
        #expect(closed.after(.init(.nothing, of: 1, closingsAtClaim: 1), at: later) == closed)
    }

    /// Steps, and for how many seconds the gate is closed after this machine's network came back.
    @Test(
        arguments: [
            ("an open gate stays open", [.failed(1)], 0),
            ("failures to reach it are forgiven", [.unreachable(), .wait, .unreachable(), .wait, .unreachable()], 0),
            ("a pause that it asked for is not", [.busy(3_600)], 3_600),
            ("nor one before the outage", [.busy(600), .unreachable()], 600),
            ("a pause that is over counts no more", [.busy(60), .wait, .unreachable()], 0),
        ] as [(String, [Step], Int64)])
    func `an outage of the network is held against no receiver`(what: String, steps: [Step], seconds: Int64) {
        let (closed, now) = played(steps)
        let gate = closed.afterOutage(at: now)
        #expect(max(0, (gate.closedUntil - now).seconds) == seconds, "\(what): \(gate)")
        #expect(gate.closings == min(closed.closings, 1), "one probing message goes first")
    }

    @Test func `what was under way when it closed neither lengthens nor opens it`() {
        let closed = played([.unreachable()]).gate
        for evidence in [ReceiverEvidence.unreachable, .messageFailed, .answered, .nothing] {
            #expect(closed.after(.init(evidence, of: 2, closingsAtClaim: 0), at: Self.now) == closed, "\(evidence)")
        }
        let asked = closed.after(.init(.busy(.hours(2)), of: 2, closingsAtClaim: 0), at: Self.now)
        #expect(asked.closedUntil == Self.now + .hours(2), "but what the receiver asks for holds")
        #expect(asked.closings == closed.closings)
    }

    /// The longest time for which a gate is closed over 400 attempts of which a fifth fails.
    private func longestPause(seed: UInt64) -> Int64 {
        var random = SeededGenerator(seed: seed)
        var gate = ReceiverGate()
        var now = Self.now
        var longest: Int64 = 0
        for message in 0..<Int64(400) {
            let evidence: ReceiverEvidence = random.chance(20) ? .messageFailed : .answered
            gate = gate.after(.init(evidence, of: message, closingsAtClaim: gate.closings), at: now)
            longest = max(longest, (gate.closedUntil - now).seconds)
            now = max(now, gate.closedUntil)
        }
        return longest
    }

    @Test func `a receiver that fails a fifth of all attempts is left alone for seconds, however bad its luck`() {
        // Without much history, a run of failures counts as an outage.
        let pauses = (1...200).map(longestPause(seed:))
        #expect(pauses.count { $0 > 5 } <= 4, "\(pauses.filter { $0 > 5 })")
    }

    @Test func `one that was well and fails every attempt is left alone for longer and longer`() {
        let well = Array(repeating: Step.taken(), count: 200)
        var steps = well + [.failed(1), .failed(2), .failed(3), .failed(4)]
        var pauses: [Int64] = []
        for message in 5..<Int64(9) {
            let (gate, now) = played(steps)
            pauses.append((gate.closedUntil - now).seconds)
            steps += [.wait, .failed(message)]
        }
        #expect(pauses == [5, 300, 1_800, 7_200])
    }

    @Test func `jitter keeps senders apart`() {
        let gate = ReceiverGate().after(.init(.unreachable, of: 1, closingsAtClaim: 0, jitter: 1_200), at: Self.now)
        #expect(gate.closedUntil == Self.now + TimeSpan(seconds: 6))
    }
}
