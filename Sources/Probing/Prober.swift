import Certificates
import CurlBinding
import OpenSSLBinding
import TransportSecurity

/// Probes endpoints with their client certificate, which must be accepted, and without it or with wrong ones, which
/// must be refused.
package struct Prober: Sendable {
    /// The limit on concurrent endpoints. The loop has a limit as well, so more would only wait in memory.
    private static let endpointsAtOnce = 512

    private let loop: any TransferPerforming
    private let credentials = CredentialStore()
    private let pace: ProbePace

    /// - Parameters:
    ///   - loop: performs the transfers.
    ///   - pauses: the pause before each probe of a series that repeats silently closed ones. There is one series for
    ///     each pause, until the silence is explained.
    package init(loop: any TransferPerforming, pauses: [Duration] = [.milliseconds(250), .milliseconds(2_500)]) {
        self.loop = loop
        self.pace = ProbePace(pauses: pauses)
    }

    /// Probes all endpoints concurrently: the total is the slowest endpoint's time. Reports are in the given order.
    ///
    /// When the task is cancelled, endpoints whose round has not ended get no report, since a shutdown must not be
    /// recorded as an outage.
    ///
    /// - Parameters:
    ///   - endpoints: what to probe.
    ///   - now: the time for which certificates are judged.
    ///   - note: called after each endpoint.
    /// - Returns: the reports, in the order of `endpoints`.
    package func probe(
        _ endpoints: [Endpoint], at now: Instant, noting note: () -> Void = {}
    ) async -> [ProbeReport] {
        let memo = RoundMemo()
        return await withTaskGroup(of: (Int, ProbeReport).self) { group in
            var waiting = endpoints.enumerated().makeIterator()
            func startNext() {
                guard let (index, endpoint) = waiting.next() else { return }
                group.addTask { (index, await probe(endpoint, at: now, sharing: memo)) }
            }
            for _ in 0..<Self.endpointsAtOnce {
                startNext()
            }
            var reports: [(Int, ProbeReport)] = []
            for await report in group {
                reports.append(report)
                note()
                startNext()
            }
            return reports.sorted { $0.0 < $1.0 }.map(\.1).filter { $0.verdict != .cancelled }
        }
    }

    /// Probes one endpoint once. It does not throw: every report has a verdict. `memo` is shared with the other
    /// endpoints of the same round.
    package func probe(
        _ endpoint: Endpoint, at now: Instant, sharing memo: RoundMemo = RoundMemo()
    ) async -> ProbeReport {
        var report = await round(at: endpoint, now, memo)
        report.hysteresis = endpoint.hysteresis
        return report
    }

    private func round(at endpoint: Endpoint, _ now: Instant, _ memo: RoundMemo) async -> ProbeReport {
        do {
            let target = try ProbeTarget(endpoint)
            let identities = try await ProbeIdentities(of: endpoint, from: credentials, in: memo.files)
            let addresses = try await addresses(of: endpoint, target)
            let rounds = await rounds(of: endpoint, at: addresses) { address in
                await RoundRunner(
                    endpoint: endpoint, target: target, identities: identities, address: address, loop: loop,
                    pace: pace
                ).run(at: now)
            }
            var report = ProbeReport(
                name: endpoint.name, url: endpoint.url, probedAt: now, first: rounds[0],
                others: Array(rounds.dropFirst()))
            report.clientCertificate = identities.client?.certificate
            let foresight = try Foresight(
                endpoint, rounds, identities: identities, outlook: memo.outlook(of: identities, at: now), at: now)
            (report.predictedFindings, report.refuted) = (foresight.predictedFindings, foresight.refuted)
            return report
        } catch {
            let outcome: ProbeOutcome
            switch error {
            case is ProbeTarget.Unusable: outcome = .urlUnusable
            case is AddressLookup.Failure: outcome = .nameLookupFailed
            default: outcome = .clientFilesUnusable
            }
            let failure = ProbeResult(outcome: outcome, reason: "\(error)")
            return ProbeReport(
                name: endpoint.name, url: endpoint.url, probedAt: now, first: ProbeRound(positive: failure))
        }
    }

    /// nil stands for the addresses of the host's name.
    private func addresses(of endpoint: Endpoint, _ target: ProbeTarget) async throws -> [String?] {
        if !endpoint.addresses.isEmpty { return endpoint.addresses }
        guard endpoint.probesAllAddresses else { return [nil] }
        return try await AddressLookup.addresses(of: target.nameToResolve)
    }

    /// The rounds in the order of the addresses, at least one.
    private func rounds(
        of endpoint: Endpoint, at addresses: [String?], _ run: @escaping @Sendable (String?) async -> ProbeRound
    ) async -> [ProbeRound] {
        if endpoint.isSequential {
            var rounds: [ProbeRound] = []
            for address in addresses { rounds.append(await run(address)) }
            return rounds
        }
        return await withTaskGroup(of: (Int, ProbeRound).self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask { (index, await run(address)) }
            }
            var rounds: [(Int, ProbeRound)] = []
            for await round in group { rounds.append(round) }
            return rounds.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
