import Certificates
import CurlBinding
import Delivery
import LedgerStorage
import TestSupport
import Testing

struct AnswerJudgeTests {
    private let now = Instant(seconds: 1_800_000_000)
    private let terms = ClaimTerms(lease: TimeSpan(seconds: 60))
    private let judge = AnswerJudge(schedule: RetrySchedule(jitter: { 1_000 }))

    private func claim() async throws -> Claim {
        let directory = try TemporaryDirectory()
        return try await OutboxSample(directory, at: now).claim()
    }

    private func expectation(status: Int) -> (AttemptOutcome, String) {
        switch status {
        case 200...299: (.delivered, "delivered")
        case 408, 425, 429: (.rejected, "retry")
        case 410: (.rejected, "disable")
        case 400, 413, 422: (.rejected, "simplify")
        case 300...499: (.rejected, "park")
        default: (.unknown, "retry")
        }
    }

    private func name(_ consequence: Settlement.Consequence) -> String {
        switch consequence {
        case .delivered: "delivered"
        case .retry: "retry"
        case .hold: "hold"
        case .simplify: "simplify"
        case .split: "split"
        case .park: "park"
        case .disable: "disable"
        }
    }

    @Test func `every HTTP status has its outcome`() async throws {
        let claim = try await claim()
        for status in 200...599 {
            let settlement = judge.settlement(
                of: Verdict(TransferResult(code: .ok, status: status)), claim, terms: terms, at: now)
            let (outcome, consequence) = expectation(status: status)
            #expect(settlement.outcome == outcome, "HTTP \(status)")
            #expect(name(settlement.consequence) == consequence, "HTTP \(status)")
        }
    }

    @Test(
        arguments: [
            (.connectFailed, 0, .notSent), (.nameLookupFailed, 0, .notSent), (.tlsHandshakeFailed, 0, .notSent),
            (.peerVerificationFailed, 0, .notSent), (.timedOut, 0, .notSent), (.timedOut, 100, .unknown),
            (.receiveFailed, 100, .unknown), (.gotNothing, 100, .unknown), (.sendFailed, 50, .unknown),
            (.cancelled, 0, .unknown),
        ] as [(TransferCode, Int, AttemptOutcome)])
    func `without an answer, only what never left is known not to have arrived`(
        code: TransferCode, uploaded: Int, outcome: AttemptOutcome
    ) async throws {
        let settlement = judge.settlement(
            of: Verdict(TransferResult(code: code, uploadedBytes: uploaded)), try await claim(), terms: terms, at: now)
        #expect(settlement.outcome == outcome)
        #expect(settlement.consequence == .retry(now + TimeSpan(seconds: 5)))
        #expect(settlement.receiverClosedUntil == now + TimeSpan(seconds: 5))
    }

    @Test(arguments: [(3_600, 3_600), (1, 5), (1_000_000_000, 86_400), (-5, 5)])
    func `Retry-After closes the receiver's gate, at least as long and at most a day`(
        asked: Int, seconds: Int64
    ) async throws {
        let settlement = judge.settlement(
            of: Verdict(TransferResult(code: .ok, status: 429, retryAfterSeconds: asked)), try await claim(),
            terms: terms, at: now)
        #expect(settlement.receiverClosedUntil == now + TimeSpan(seconds: seconds))
    }

    @Test func `503 with Retry-After is a refusal, without it nobody knows`() async throws {
        let claim = try await claim()
        let asked = judge.settlement(
            of: Verdict(TransferResult(code: .ok, status: 503, retryAfterSeconds: 60)), claim, terms: terms, at: now)
        #expect(asked.outcome == .rejected)
        let unasked = judge.settlement(
            of: Verdict(TransferResult(code: .ok, status: 503)), claim, terms: terms, at: now)
        #expect(unasked.outcome == .unknown)
    }

    @Test func `attempts become rarer and never end`() {
        let schedule = RetrySchedule(jitter: { 1_000 })
        #expect(
            (1...9).map { schedule.delay(afterFailures: $0).seconds } == [
                5, 300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200,
            ])
        let jittered = RetrySchedule()
        for _ in 0..<100 {
            #expect((240...360).contains(jittered.delay(afterFailures: 2).seconds))
        }
    }
}
