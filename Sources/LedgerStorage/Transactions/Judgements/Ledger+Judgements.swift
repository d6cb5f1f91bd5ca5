import Certificates
import ExpiryRules

extension Ledger {
    /// Records verdicts, and decides again on objects whose expiry changes by them.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func record(
        _ judgements: [Judgement], of registration: String, by context: [UInt8], plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            let writer = JudgementWriter(session: session, registration: registration, plan: plan, now: now)
            return try writer.record(judgements, context: context)
        }
    }

    /// Completes the verification of a registration: deletes verdicts on objects that are gone, and opens, changes and
    /// closes its findings.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func concludeJudgements(
        of registration: String, plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            let writer = JudgementWriter(session: session, registration: registration, plan: plan, now: now)
            let noticeIDs = try writer.forgetWhatIsGone()
            return try noticeIDs
                + FlawReporter(session: session, registration: registration, plan: plan, now: now).report()
        }
    }

    /// The same for several registrations in one transaction, without a transaction if no verdict has changed or gone.
    package func concludeJudgements(
        of registrations: [String], plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        let unconcluded = try await engine.read { try UnconcludedJudgements(session: $0).registrations() }
        let concerned = registrations.filter(unconcluded.contains)
        guard !concerned.isEmpty else { return [] }
        return try await engine.write { session in
            try concerned.flatMap { registration in
                let writer = JudgementWriter(session: session, registration: registration, plan: plan, now: now)
                let noticeIDs = try writer.forgetWhatIsGone()
                return try noticeIDs
                    + FlawReporter(session: session, registration: registration, plan: plan, now: now).report()
            }
        }
    }

    /// Opens, changes and closes the findings of a registration after a review of verdicts, when nothing else has
    /// changed.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func concludeReview(of registration: String, plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        try await engine.write { session in
            try FlawReporter(session: session, registration: registration, plan: plan, now: now).report()
        }
    }

    /// Ends the CAs of a registration that their successors have fully replaced, and reopens CAs that are needed again.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func retireAuthorities(
        of registration: String, plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            try AuthoritySuccession(session: session, registration: registration, plan: plan, now: now).settle()
        }
    }
}
