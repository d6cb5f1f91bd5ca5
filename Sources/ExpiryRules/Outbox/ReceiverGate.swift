import Certificates

/// A circuit breaker for one receiver: whether messages are sent to it, and how each outcome changes that.
///
/// - open: any number of messages. It closes when the receiver is unreachable or asks for a pause, or when several
///   different messages failed in a row.
/// - closed until an instant: no message. It becomes half-open by time alone.
/// - half-open: one message at a time. An answer opens the gate, any failure closes it again.
package struct ReceiverGate: Hashable, Sendable {
    /// The number of different messages that must fail in a row to close the gate.
    package static let closesAfter = 4
    /// The approximate number of attempts over which outcomes are counted.
    private static let memory = 64
    /// A run of failures that is less likely than this, by the share of failures before it, is not chance.
    private static let leastLikelyChance = 1e-5

    /// After this long without an attempt since it became half-open, the gate resets its back-off.
    private static let fadesAfter = TimeSpan.hours(24)

    /// How often in a row the gate has closed without an answer since; 0 while it is open.
    package var closings = 0
    /// No message is sent to the receiver before this instant.
    package var closedUntil = Instant(seconds: 0)
    /// The end of the pause that the receiver itself asked for.
    package var pausedUntil = Instant(seconds: 0)
    /// Different messages that failed since the last answer, at most `closesAfter`.
    package var failing: [Int64] = []
    /// Failures since the last answer.
    package var failuresInRow = 0
    /// The counted attempts, without those of the current run of failures.
    package var attempts = 0
    /// The failures among the counted attempts.
    package var failures = 0

    package init() {}

    package enum Position: Hashable, Sendable {
        case open, halfOpen, closed
    }

    package func position(at now: Instant) -> Position {
        if now < closedUntil { return .closed }
        return closings == 0 ? .open : .halfOpen
    }

    /// The outcome of one attempt.
    package struct Outcome: Hashable, Sendable {
        package let evidence: ReceiverEvidence
        /// Identifies the message, to count different ones.
        package let message: Int64
        /// The gate's `closings` when the message was claimed.
        package let closingsAtClaim: Int
        /// In thousandths. It keeps senders from retrying all at once.
        package let jitter: Int64

        package init(_ evidence: ReceiverEvidence, of message: Int64, closingsAtClaim: Int, jitter: Int64 = 1_000) {
            self.evidence = evidence
            self.message = message
            self.closingsAtClaim = closingsAtClaim
            self.jitter = jitter
        }
    }

    /// The gate after an attempt has ended.
    package func after(_ outcome: Outcome, at now: Instant) -> ReceiverGate {
        var gate = self
        guard outcome.closingsAtClaim == closings else {
            // The message was claimed before the gate changed, so its failure counts already. A requested pause still
            // counts.
            if case .busy(let pause) = outcome.evidence { gate.pause(for: pause, now) }
            return gate
        }
        switch outcome.evidence {
        case .nothing:
            break
        case .answered:
            gate.open()
        case .messageFailed:
            gate.note(outcome.message)
            guard closings > 0 || gate.failing.count >= Self.closesAfter else { break }
            gate.close(escalates: !gate.mayBeChance, outcome.jitter, now)
        case .unreachable:
            gate.note(outcome.message)
            gate.close(escalates: true, outcome.jitter, now)
        case .busy(let pause):
            gate.note(outcome.message)
            gate.close(escalates: !gate.mayBeChance, outcome.jitter, now)
            gate.pause(for: pause, now)
        }
        return gate
    }

    /// The gate after an outage of this machine's network. The failures were not the receiver's, so the gate is
    /// half-open at once and its back-off restarts. A pause that the receiver asked for still applies.
    package func afterOutage(at now: Instant) -> ReceiverGate {
        guard closings > 0 else { return self }
        var gate = self
        gate.closings = 1
        gate.closedUntil = min(closedUntil, max(now, pausedUntil))
        return gate
    }

    /// Whether the run of failures is likely for a receiver with the share of failures before the run. A receiver that
    /// fails half of all attempts, or that is unknown, is in trouble in any case.
    private var mayBeChance: Bool {
        let share = Double(failures + 1) / Double(attempts + 2)
        guard share < 0.5 else { return false }
        let likelihood = (0..<failuresInRow).reduce(1.0) { product, _ in product * share }
        return likelihood >= Self.leastLikelyChance
    }

    private mutating func note(_ message: Int64) {
        failuresInRow += 1
        if !failing.contains(message), failing.count < Self.closesAfter { failing.append(message) }
    }

    /// Opens the gate. A pause that the receiver asked another sender for still applies.
    private mutating func open() {
        attempts += failuresInRow + 1
        failures += failuresInRow
        while attempts > Self.memory {
            attempts /= 2
            failures /= 2
        }
        closings = 0
        failuresInRow = 0
        failing = []
    }

    private mutating func close(escalates: Bool, _ jitter: Int64, _ now: Instant) {
        // A failure long after the last one starts a new back-off.
        let isNew = closedUntil + Self.fadesAfter <= now
        if isNew { closings = min(closings, 1) }
        if closings == 0 || (escalates && !isNew) { closings += 1 }
        closedUntil = max(closedUntil, now + BackOff.receiver(afterClosings: closings, jitter: jitter))
    }

    private mutating func pause(for span: TimeSpan, _ now: Instant) {
        pausedUntil = max(pausedUntil, now + min(span, BackOff.longestPause))
        closedUntil = max(closedUntil, pausedUntil)
    }
}
