import Certificates
import CurlBinding
import TransportSecurity

/// Makes the probes of one round at one address: concurrently, or sequentially if the endpoint serves one connection at
/// a time.
struct RoundRunner: Sendable {
    let endpoint: Endpoint
    let target: ProbeTarget
    let identities: ProbeIdentities
    let address: String?
    let loop: any TransferPerforming
    let pace: ProbePace

    func run(at now: Instant) async -> ProbeRound {
        let isInSequence = endpoint.isSequential || pace.isSequential(endpoint)
        var completed = isInSequence ? await runInSequence(at: now) : await runConcurrently(at: now)
        var review = SilenceReview()
        for pause in pace.pauses {
            let unproven = review.unproven(in: completed.mapValues(\.result))
            guard !unproven.isEmpty else { break }
            for role in review.series(for: unproven) {
                do {
                    try await Task.sleep(for: pause)
                } catch {
                    // Task.sleep throws only on cancellation.
                    return cancelled(completed)
                }
                let probe = await run(role, at: now)
                // A cancelled probe has no result and leaves the silence unexplained.
                guard !Task.isCancelled else { return cancelled(completed) }
                if review.adopts(probe.result, of: role, over: completed[role]?.result) {
                    completed[role] = probe
                }
                guard review.goesOn(after: probe.result, of: role) else { break }
            }
        }
        if review.foundOtherwise, !isInSequence { pace.remember(endpoint) }
        for (role, probe) in completed {
            let outcome = review.settled(
                probe.result.outcome, of: role, isAcceptedByTLS: probe.isAcceptedByTLS)
            completed[role]?.result.outcome = outcome
        }
        return round(of: completed)
    }

    private func runConcurrently(at now: Instant) async -> [ProbeRole: Probe.Completed] {
        await withTaskGroup(of: (ProbeRole, Probe.Completed).self) { group in
            for role in roles {
                group.addTask { (role, await run(role, at: now)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func runInSequence(at now: Instant) async -> [ProbeRole: Probe.Completed] {
        var completed: [ProbeRole: Probe.Completed] = [:]
        // The positive probe is always made, since it records the cancellation of the round.
        for role in roles where completed.isEmpty || !Task.isCancelled {
            completed[role] = await run(role, at: now)
        }
        return completed
    }

    private var roles: [ProbeRole] {
        [.positive] + (needsNegative ? [.negative] : []) + identities.wrong.indices.map { .wrong($0) }
    }

    private func run(_ role: ProbeRole, at now: Instant) async -> Probe.Completed {
        switch role {
        case .positive: await probe(.entry(endpoint.expectation)).run(with: identities.client, at: now)
        case .negative: await probe(.refusal(endpoint.expectation)).run(with: nil, at: now)
        case .wrong(let index):
            await probe(.refusal(endpoint.expectation)).run(with: identities.wrong[index].client, at: now)
        }
    }

    /// A shutdown during a series leaves the round without a result.
    private func cancelled(_ completed: [ProbeRole: Probe.Completed]) -> ProbeRound {
        var completed = completed
        completed[.positive]?.result.outcome = .cancelled
        return round(of: completed)
    }

    private func probe(_ question: ProbeQuestion) -> Probe {
        Probe(
            endpoint: endpoint, target: target, trust: identities.trust, proxyLogin: identities.proxyLogin,
            address: address, question: question, loop: loop)
    }

    /// Without a configured certificate both probes would be the same.
    private var needsNegative: Bool {
        switch endpoint.withoutClientCertificate {
        case .refused: identities.client != nil
        case .skip: false
        }
    }

    private func round(of completed: [ProbeRole: Probe.Completed]) -> ProbeRound {
        guard let positive = completed[.positive] else { preconditionFailure("a round without its positive probe") }
        var round = ProbeRound(positive: positive.result, negative: completed[.negative]?.result)
        round.address = address
        round.wrong = identities.wrong.enumerated().compactMap { index, wrong in
            completed[.wrong(index)].map { .init(name: wrong.name, result: $0.result) }
        }
        let handshakes = [positive.handshake] + completed.filter { $0.key != .positive }.values.map(\.handshake)
        round.presentedChain = handshakes.map(\.presentedChain).first { !$0.isEmpty } ?? []
        round.verifiedPaths = ([positive] + completed.filter { $0.key != .positive }.values).map(\.verifiedPath)
            .filter { !$0.isEmpty }
        round.clientCertificateRequested = handshakes.contains { $0.certificateRequested }
        round.acceptableAuthorities = handshakes.map(\.acceptableAuthorities).first { !$0.isEmpty } ?? []
        round.issuerListing = IssuerListing(
            acceptableAuthorities: round.acceptableAuthorities,
            issuers: identities.client?.identity.issuersDER ?? [])
        return round
    }
}
