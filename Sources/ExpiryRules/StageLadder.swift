import Certificates

/// The stages of one certificate, from the first warning to `expired`.
package struct StageLadder: Hashable, Sendable {
    /// Without duplicates, the least urgent first. `expired` is always the last.
    package let stages: [Stage]
    /// The severities that thresholds set for their stages; the highest one if several do.
    private let statedSeverities: [Stage: Severity]
    /// The stages of thresholds without a severity.
    private let unstatedStages: Set<Stage>

    /// The ladder from the thresholds of all registrations that watch a certificate.
    package init(thresholds: some Sequence<Threshold>, validity: Validity) {
        var stated: [Stage: Severity] = [:]
        var unstated: Set<Stage> = []
        for threshold in thresholds {
            guard let span = threshold.span(in: validity), span.seconds > 0 else { continue }
            if let severity = threshold.severity {
                stated[.before(span)] = max(severity, stated[.before(span)] ?? severity)
            } else {
                unstated.insert(.before(span))
            }
        }
        stages = unstated.union(stated.keys).sorted() + [.expired]
        statedSeverities = stated
        unstatedStages = unstated
    }

    /// Decides whether a notice of a certificate's stage is due.
    ///
    /// The invariant: a stage is notified if it has begun, no stage as urgent was decided before, and no more urgent
    /// one has begun. It is compared with memory and never with "today", so that a missed run delays a notice and
    /// cannot lose it.
    ///
    /// - Parameters:
    ///   - expiry: when the certificate stops working.
    ///   - notified: the stages that were decided before, delivered or not.
    ///   - now: the time of the decision.
    /// - Returns: the stage to notify, or the reason for none; and when to decide again.
    package func decide(expiry: Expiry, notified: Set<Stage>, at now: Instant) -> StageDecision {
        guard case .at(let expiry) = expiry else {
            return .hold(expiry == .never ? .neverExpires : .expiryUnreadable)
        }
        let begun = stages.filter { $0.beginning(for: expiry) <= now }
        let next = stages.first { $0.beginning(for: expiry) > now }?.beginning(for: expiry)
        guard let stage = begun.last else {
            return .hold(.notYetDue(next: next))
        }
        guard !notified.contains(where: { $0 >= stage }) else {
            return .hold(.alreadyNotified(stage, next: next))
        }
        return .notify(stage, missed: begun.dropLast().filter { !notified.contains($0) }, next: next)
    }

    /// The stage of a certificate at `now`; nil before the first stage, and for a certificate that never expires.
    package func stage(expiry: Expiry, at now: Instant) -> Stage? {
        guard case .at(let expiry) = expiry else { return nil }
        return stages.last { $0.beginning(for: expiry) <= now }
    }

    /// The severity of `stage` from its thresholds. Without one, the last stage before `expired` is critical if a
    /// milder one precedes it, and the others are warnings.
    package func severity(of stage: Stage) -> Severity {
        guard stage != .expired else { return .critical }
        let usual: Severity = stages.count > 2 && stage >= stages[stages.count - 2] ? .critical : .warning
        guard let stated = statedSeverities[stage] else { return usual }
        return unstatedStages.contains(stage) ? max(stated, usual) : stated
    }

    /// Whether `stage` is one of the two most urgent ones: `expired`, or the last before it.
    package func isLast(_ stage: Stage) -> Bool {
        stages.suffix(2).contains(stage)
    }
}

/// The decision about one certificate, with its reason.
package enum StageDecision: Hashable, Sendable {
    /// Notify this stage. `missed` are stages that began without an observation and were not notified. `next` is when
    /// to decide again.
    case notify(Stage, missed: [Stage], next: Instant?)
    case hold(HoldReason)

    package enum HoldReason: Hashable, Sendable {
        case neverExpires
        case expiryUnreadable
        case notYetDue(next: Instant?)
        case alreadyNotified(Stage, next: Instant?)
    }

    /// When to decide again; nil for never.
    package var next: Instant? {
        switch self {
        case .notify(_, _, let next), .hold(.notYetDue(let next)), .hold(.alreadyNotified(_, let next)): next
        case .hold(.neverExpires), .hold(.expiryUnreadable): nil
        }
    }
}
