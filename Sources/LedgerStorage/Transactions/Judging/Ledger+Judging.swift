import Certificates
import ExpiryRules

extension Ledger {
    /// Records judgements, and decides anew on whatever ends at another time than was thought.
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

    /// Ends the judging of a registration: forgets what its places show no longer, and opens, changes and closes its findings.
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

    /// The same for several registrations, in one transaction, and in none where no verdict has changed or gone.
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

    /// Opens, changes and closes the findings of a registration after some of its verdicts were given anew, and nothing else has
    /// changed.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func concludeReview(of registration: String, plan: WatchPlan, at now: Instant) async throws -> [Int64] {
        try await engine.write { session in
            try FlawReporter(session: session, registration: registration, plan: plan, now: now).report()
        }
    }

    /// Ends the old CAs of a registration whose successors do all their work, and begins anew with those that are needed
    /// again.
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
