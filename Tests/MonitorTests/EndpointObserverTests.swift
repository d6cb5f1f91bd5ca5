import Certificates
import ExpiryRules
import LedgerStorage
import Probing
import TestSupport
import Testing

@testable import Monitor

/// The step of a pass that records what probes found.
struct EndpointObserverTests {
    private let world: MonitorWorld
    private let plan: WatchPlan

    init() throws {
        world = try MonitorWorld()
        plan = world.plan([Registration(name: "api", role: .server, endpoint: "api")])
    }

    private var observer: EndpointObserver {
        EndpointObserver(ledger: world.ledger, plan: plan, time: world.time)
    }

    private func report(
        _ positive: ProbeOutcome, without negative: ProbeOutcome? = nil, chain: [[UInt8]] = []
    ) -> ProbeReport {
        var round = ProbeRound(
            positive: ProbeResult(outcome: positive), negative: negative.map { ProbeResult(outcome: $0) })
        round.presentedChain = chain
        round.clientCertificateRequested = true
        return ProbeReport(name: "api", url: "https://api.example.com/", probedAt: world.clock.now, first: round)
    }

    @Test(arguments: [
        (ProbeOutcome.accepted, ProbeOutcome.refusedNoCertificate, EndpointState.well, Severity?.none),
        (.accepted, .accepted, .unprotected, .critical),
        (.accepted, .timedOut, .failing, .warning),
        (.refusedRevoked, .refusedNoCertificate, .failing, .critical),
        (.connectFailed, .connectFailed, .failing, .critical),
    ])
    func `a verdict becomes a state, and a finding if it is not good`(
        positive: ProbeOutcome, negative: ProbeOutcome, state: EndpointState, severity: Severity?
    ) async throws {
        let report = report(positive, without: negative)
        #expect(report.verdict.state == state)
        for _ in 0..<5 {
            _ = try await observer.observe([report])
            world.clock.advance(by: .hours(1))
        }
        let findings = try await world.ledger.openFindings()
        #expect(findings.map(\.code) == (severity == nil ? [] : [.endpointFailing]))
        #expect(findings.first?.severity == severity)
    }

    @Test func `a recovery ends the finding`() async throws {
        for outcome in [ProbeOutcome.connectFailed, .accepted] {
            for _ in 0..<5 {
                _ = try await observer.observe([report(outcome, without: .refusedNoCertificate)])
                world.clock.advance(by: .hours(1))
            }
        }
        #expect(try await world.openFindings() == [])
    }

    @Test func `a presented chain is watched, and one that was not presented stays known`() async throws {
        let server = try TestPKI.authority("Edge CA").issue(
            .server, commonName: "api", notAfter: MonitorWorld.start + .days(20))
        let noticeIDs = try await observer.observe([
            report(.accepted, without: .refusedNoCertificate, chain: [server.der, server.der])
        ])
        #expect(noticeIDs.count == 1)
        #expect(try await world.watched() == ["api CN=api"])
        _ = try await observer.observe([report(.connectFailed)])
        #expect(try await world.watched() == ["api CN=api"])
    }
}
