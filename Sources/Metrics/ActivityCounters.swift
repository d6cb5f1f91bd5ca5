import Certificates
import ExpiryRules
import LedgerStorage
import Synchronization

/// What the daemon has decided and sent since its start. The counters begin at 0 with each start, as Prometheus expects.
package final class ActivityCounters: Sendable {
    /// Attempts of one kind of receiver with one outcome.
    private struct AttemptKey: Hashable {
        let kind: String
        let outcome: AttemptOutcome
    }

    private struct Counts {
        var lastNotice: Int64
        var notices: [NoticeKind: Int64] = [:]
        var lateness = Histogram(bounds: ActivityCounters.latenessBounds)
        var attempts: [AttemptKey: Int64] = [:]

        mutating func count(_ decision: NoticeDecision) {
            lastNotice = decision.id
            notices[decision.kind, default: 0] += 1
            switch decision.kind {
            case .expiring, .expired: lateness.observe(Double(decision.lateness.seconds))
            case .renewed, .removed, .withdrawn, .finding, .findingResolved, .summary: break
            }
        }
    }

    /// In seconds: a minute, ten minutes, one hour, which is the default interval of passes, and then what an outage makes.
    private static let latenessBounds = [60.0, 600, 3_600, 14_400, 86_400, 259_200, 604_800]

    private let counts: Mutex<Counts>

    /// - Parameter lastNotice: the latest notice before the start (`LedgerSnapshot.latestNotice`), which is not counted.
    package init(after lastNotice: Int64) {
        counts = Mutex(Counts(lastNotice: lastNotice))
    }

    /// Counts an attempt to send a message. `kind` is the kind of the receiver, as in the configuration.
    package func countAttempt(kind: String, _ outcome: AttemptOutcome) {
        counts.withLock { $0.attempts[AttemptKey(kind: kind, outcome: outcome), default: 0] += 1 }
    }

    /// Counts the notices that were decided since the last call.
    ///
    /// - Throws: `LedgerError`.
    package func countNotices(in snapshot: LedgerSnapshot) throws {
        // A ledger that took the place of another one has other ids; what it had before is not counted.
        let latest = try snapshot.latestNotice()
        counts.withLock { $0.lastNotice = min($0.lastNotice, latest) }
        var decisions: [NoticeDecision]
        repeat {
            decisions = try snapshot.decisions(after: counts.withLock(\.lastNotice))
            counts.withLock { counts in
                // Another call may have counted some of them meanwhile.
                for decision in decisions where decision.id > counts.lastNotice { counts.count(decision) }
            }
        } while !decisions.isEmpty
    }

    /// The counters, each with all values of its labels from the start, so that a first failure is an increase.
    ///
    /// - Parameter kinds: of the configured receivers.
    /// - Returns: the counters since the start.
    package func families(receiverKinds kinds: Set<String>) -> [MetricFamily] {
        let counts = counts.withLock(\.self)
        var notices = MetricFamily(
            "notafter_notices_total", .counter, help: "Notices that were decided since the daemon started, by kind.")
        for kind in NoticeKind.allCases { notices.add(counts.notices[kind] ?? 0, [.init("kind", kind.rawValue)]) }
        var attempts = MetricFamily(
            "notafter_delivery_attempts_total", .counter,
            help: "Attempts to send a message since the daemon started, by kind of receiver and outcome.")
        for kind in kinds.union(counts.attempts.keys.map(\.kind)).sorted() {
            for outcome in AttemptOutcome.allCases {
                attempts.add(
                    counts.attempts[AttemptKey(kind: kind, outcome: outcome)] ?? 0,
                    [.init("receiver_kind", kind), .init("outcome", outcome.rawValue)])
            }
        }
        var lateness = MetricFamily(
            "notafter_notice_lateness_seconds", .histogram,
            help: "How long after its threshold was crossed a notice of expiry was decided.")
        lateness.add(counts.lateness)
        return [notices, attempts, lateness]
    }
}
