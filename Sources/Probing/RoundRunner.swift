import Certificates
import CurlBinding
import TransportSecurity

/// Makes the probes of one round at one address: all at once, or one after the other where the endpoint serves one
/// connection at a time.
struct RoundRunner: Sendable {
    let endpoint: Endpoint
    let target: ProbeTarget
    let identities: ProbeIdentities
    let address: String?
    let loop: any TransferPerforming
    let pace: ProbePace

    func run(at now: Instant) async -> ProbeRound {
        let isInSequence = endpoint.isSequential || pace.isSequential(endpoint)
        var sights = isInSequence ? await takeInSequence(at: now) : await takeAtOnce(at: now)
        var review = SilenceReview()
        for pause in pace.pauses {
            let unproven = review.unproven(in: sights.mapValues(\.result))
            guard !unproven.isEmpty else { break }
            for role in review.series(for: unproven) {
                do {
                    try await Task.sleep(for: pause)
                } catch {
                    // Cancellation is all that it throws.
                    return cancelled(sights)
                }
                let sight = await take(role, at: now)
                // A probe that was called off says nothing, and leaves the silence unexplained.
                guard !Task.isCancelled else { return cancelled(sights) }
                if review.adopts(sight.result, of: role, over: sights[role]?.result) { sights[role] = sight }
                guard review.goesOn(after: sight.result, of: role) else { break }
            }
        }
        if review.foundOtherwise, !isInSequence { pace.remember(endpoint) }
        for (role, sight) in sights {
            let outcome = review.settled(sight.result.outcome, of: role, isAcceptedByTLS: sight.isAcceptedByTLS)
            sights[role]?.result.outcome = outcome
        }
        return round(of: sights)
    }

    private func takeAtOnce(at now: Instant) async -> [ProbeRole: Look.Sight] {
        await withTaskGroup(of: (ProbeRole, Look.Sight).self) { group in
            for role in roles {
                group.addTask { (role, await take(role, at: now)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func takeInSequence(at now: Instant) async -> [ProbeRole: Look.Sight] {
        var sights: [ProbeRole: Look.Sight] = [:]
        // The positive probe is made in any case: it says that the round was called off.
        for role in roles where sights.isEmpty || !Task.isCancelled { sights[role] = await take(role, at: now) }
        return sights
    }

    private var roles: [ProbeRole] {
        [.positive] + (needsNegative ? [.negative] : []) + identities.wrong.indices.map { .wrong($0) }
    }

    private func take(_ role: ProbeRole, at now: Instant) async -> Look.Sight {
        switch role {
        case .positive: await look(.entry(endpoint.expectation)).take(with: identities.client, at: now)
        case .negative: await look(.refusal(endpoint.expectation)).take(with: nil, at: now)
        case .wrong(let index):
            await look(.refusal(endpoint.expectation)).take(with: identities.wrong[index].client, at: now)
        }
    }

    /// A shutdown in the middle of a series leaves nothing known.
    private func cancelled(_ sights: [ProbeRole: Look.Sight]) -> ProbeRound {
        var sights = sights
        sights[.positive]?.result.outcome = .cancelled
        return round(of: sights)
    }

    private func look(_ question: ProbeQuestion) -> Look {
        Look(
            endpoint: endpoint, target: target, trust: identities.trust, proxyLogin: identities.proxyLogin,
            address: address, question: question, loop: loop)
    }

    /// Without a certificate to leave out, the two probes would be the same.
    private var needsNegative: Bool {
        switch endpoint.withoutClientCertificate {
        case .refused: identities.client != nil
        case .skip: false
        }
    }

    private func round(of sights: [ProbeRole: Look.Sight]) -> ProbeRound {
        guard let positive = sights[.positive] else { preconditionFailure("a round without its positive probe") }
        var round = ProbeRound(positive: positive.result, negative: sights[.negative]?.result)
        round.address = address
        round.wrong = identities.wrong.enumerated().compactMap { index, wrong in
            sights[.wrong(index)].map { .init(name: wrong.name, result: $0.result) }
        }
        let handshakes = [positive.handshake] + sights.filter { $0.key != .positive }.values.map(\.handshake)
        round.presentedChain = handshakes.map(\.presentedChain).first { !$0.isEmpty } ?? []
        round.verifiedPaths = ([positive] + sights.filter { $0.key != .positive }.values).map(\.verifiedPath)
            .filter { !$0.isEmpty }
        round.clientCertificateRequested = handshakes.contains { $0.certificateRequested }
        round.acceptableAuthorities = handshakes.map(\.acceptableAuthorities).first { !$0.isEmpty } ?? []
        round.issuerListing = IssuerListing(
            acceptableAuthorities: round.acceptableAuthorities,
            issuers: identities.client?.identity.issuersDER ?? [])
        return round
    }
}
