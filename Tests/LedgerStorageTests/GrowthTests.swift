import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// The ledger's work for n certificates or messages grows no faster than n, measured in SQLite's own steps, and the
/// number of prepared statements does not depend on n. Times would depend on the machine.
struct GrowthTests {
    /// Frequent work.
    enum Workload: String, CaseIterable, CustomTestStringConvertible {
        case firstSight = "certificates are seen for the first time"
        case due = "certificates come due at once"
        case earlyEnds = "verdicts let certificates end with their CA"
        case judging = "what has no verdict is read page by page, and judged"
        case deliveries = "notices are delivered one by one"
        case expired = "notices of expired certificates are delivered one by one"
        case batches = "notices of expired certificates are delivered ten at a time"
        case failures = "each message fails once, and is tried again later"
        case refusals = "notices are refused, in full and in the fewest words"
        case partRefusals = "every other notice is refused"
        case silence = "a silence is matched against what is open"
        case renewals = "certificates are renewed"

        var testDescription: String { rawValue }
    }

    private static let size = 60
    /// Linear growth is 3, n log n is slightly more, and quadratic growth is 9.
    private static let mostGrowth = 3.5

    @Test(arguments: Workload.allCases)
    func `work grows no faster than its size`(workload: Workload) async throws {
        let small = try await counts(of: workload, size: Self.size)
        let large = try await counts(of: workload, size: 3 * Self.size)
        for (name, count) in [
            ("steps", \DatabaseWork.Counts.steps), ("commits", \.commits), ("executions", \.executions),
        ] {
            let growth = Double(large[keyPath: count]) / Double(max(small[keyPath: count], 1))
            #expect(
                growth <= Self.mostGrowth, "\(name): \(small[keyPath: count]) at n, \(large[keyPath: count]) at 3 n")
        }
        #expect(large.texts.subtracting(small.texts).isEmpty, "statements of their own for a larger size")
    }

    /// The counts of the workload itself, without its preparation.
    private func counts(of workload: Workload, size: Int) async throws -> DatabaseWork.Counts {
        let world = try await LedgerWorld(others: [Registration(name: "root-ca", role: .ca)], issuer: "root-ca")
        let run = try await prepare(workload, size: size, in: world)
        let before = world.work.counts
        try await run()
        return world.work.counts.since(before)
    }

    /// Prepares `world` for the workload.
    ///
    /// - Returns: the workload.
    private func prepare(
        _ workload: Workload, size: Int, in world: LedgerWorld
    ) async throws -> () async throws -> Void {
        let certificates = (1...size).map { world.certificate(UInt32($0), daysLeft: Self.daysLeft(workload)) }
        let changes = certificates.enumerated().map { index, certificate in
            PathChange.read(
                FilePath("\(index).pem"), changeKey: [1], sightings: [.read(certificate)],
                encodings: [certificate.fingerprint: [UInt8](repeating: 0, count: 500)], defects: [])
        }
        if workload != .firstSight { try await world.pass(changes) }
        switch workload {
        case .firstSight: return { try await world.pass(changes) }
        case .due:
            world.time.advance(by: .days(31))
            return { _ = try await world.ledger.decideDue(plan: world.plan, at: world.time.now) }
        case .earlyEnds: return { try await Self.endEarly(certificates, in: world) }
        case .judging: return { try await Self.judge(in: world) }
        case .deliveries, .expired: return { try await world.deliver() }
        case .batches:
            let ten = Batching(moreThan: 1, atMost: 10)
            return { try await Self.deliver(in: world, batching: ten) { _ in .delivered } }
        case .failures:
            return { try await world.deliver(as: .notSent, then: .retry(world.time.now + .hours(1))) }
        case .refusals:
            return {
                try await Self.deliver(in: world, batching: nil) { attempt in
                    attempt == 1 ? .simplify : .park(world.time.now + .days(1))
                }
            }
        case .partRefusals: return { try await Self.deliverAlternating(in: world) }
        case .silence:
            let terms = SilenceTerms(
                matchers: try NoticeMatchers(parsing: ["registration=fleet"]), author: "alice", reason: "work",
                endsAt: world.time.now + .days(3))
            _ = try await world.ledger.addSilence(terms, plan: world.plan, at: world.time.now)
            return { try await world.ledger.reviewSilences(plan: world.plan, at: world.time.now) }
        case .renewals: return { try await Self.renew(size, in: world) }
        }
    }

    private static func endEarly(_ certificates: [Certificate], in world: LedgerWorld) async throws {
        let judgements = certificates.map { leaf in
            Judgement(
                fingerprint: leaf.fingerprint,
                earlyEnd: EarlyEnd.Reference(expiry: world.time.now + .days(20), culprit: certificates[0].fingerprint))
        }
        _ = try await world.ledger.record(judgements, of: "fleet", by: [1], plan: world.plan, at: world.time.now)
    }

    private static func renew(_ size: Int, in world: LedgerWorld) async throws {
        try await world.pass(
            (0..<size).map { index in
                PathChange.read(
                    FilePath("\(index).pem"), changeKey: [2],
                    sightings: [.read(world.certificate(UInt32(10_000 + index), daysLeft: 900))], defects: [])
            })
    }

    private static func daysLeft(_ workload: Workload) -> Int64 {
        switch workload {
        case .firstSight, .due: 60
        case .earlyEnds, .judging: 300
        case .deliveries, .failures, .refusals, .partRefusals, .silence, .renewals: 20
        case .expired, .batches: -1
        }
    }

    /// Verifies as a pass does, with small pages.
    private static func judge(in world: LedgerWorld) async throws {
        let unverified = try await world.ledger.unverified(in: "fleet", by: [1], at: world.time.now)
        for start in stride(from: 0, to: unverified.count, by: 10) {
            let page = try await world.ledger.encoded(unverified[start..<min(start + 10, unverified.count)])
            _ = try await world.ledger.record(
                page.map { Judgement(fingerprint: $0.object.fingerprint) }, of: "fleet", by: [1], plan: world.plan,
                at: world.time.now)
        }
        _ = try await world.ledger.concludeJudgements(of: "fleet", plan: world.plan, at: world.time.now)
        #expect(try await world.ledger.unverified(in: "fleet", by: [1], at: world.time.now).isEmpty)
    }

    /// Claims and settles until nothing is due. `answer` is called with the number of the attempt.
    private static func deliver(
        in world: LedgerWorld, batching: Batching?, answer: (Int) -> Settlement.Consequence
    ) async throws {
        while let claim = try await world.claim(batching: batching) {
            let consequence = answer(claim.attempt)
            let outcome: AttemptOutcome = consequence == .delivered ? .delivered : .rejected
            try await world.ledger.settle(claim, with: world.settlement(outcome, consequence), at: world.time.now)
        }
    }

    private static func deliverAlternating(in world: LedgerWorld) async throws {
        var isRefused = false
        try await deliver(in: world, batching: nil) { _ in
            isRefused.toggle()
            return isRefused ? .park(world.time.now + .days(1)) : .delivered
        }
    }
}
