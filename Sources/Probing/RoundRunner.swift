import Certificates
import CurlBinding
import TransportSecurity

/// Makes the probes of one round at one address, all at once.
struct RoundRunner: Sendable {
    let endpoint: Endpoint
    let target: ProbeTarget
    let identities: ProbeIdentities
    let address: String?
    let loop: TransferLoop

    private enum Role: Hashable {
        case positive
        case negative
        case wrong(Int)
    }

    func run(at now: Instant) async -> ProbeRound {
        let sights = await withTaskGroup(of: (Role, Look.Sight).self) { group in
            let entry = ProbeQuestion.entry(endpoint.expectation)
            let refusal = ProbeQuestion.refusal(endpoint.expectation)
            group.addTask { (.positive, await look(entry).take(with: identities.client, at: now)) }
            if needsNegative {
                group.addTask { (.negative, await look(refusal).take(with: nil, at: now)) }
            }
            for (index, wrong) in identities.wrong.enumerated() {
                group.addTask { (.wrong(index), await look(refusal).take(with: wrong.client, at: now)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return round(of: sights)
    }

    private func look(_ question: ProbeQuestion) -> Look {
        Look(
            endpoint: endpoint, target: target, trust: identities.trust, address: address, question: question,
            loop: loop)
    }

    /// Without a certificate to leave out, the two probes would be the same.
    private var needsNegative: Bool {
        switch endpoint.withoutClientCertificate {
        case .refused: identities.client != nil
        case .skip: false
        }
    }

    private func round(of sights: [Role: Look.Sight]) -> ProbeRound {
        guard let positive = sights[.positive] else { preconditionFailure("a round without its positive probe") }
        var round = ProbeRound(positive: positive.result, negative: sights[.negative]?.result)
        round.address = address
        round.wrong = identities.wrong.enumerated().compactMap { index, wrong in
            sights[.wrong(index)].map { .init(name: wrong.name, result: $0.result) }
        }
        let handshakes = [positive.handshake] + sights.filter { $0.key != .positive }.values.map(\.handshake)
        round.presentedChain = handshakes.map(\.presentedChain).first { !$0.isEmpty } ?? []
        round.clientCertificateRequested = handshakes.contains { $0.certificateRequested }
        round.acceptableAuthorities = handshakes.map(\.acceptableAuthorities).first { !$0.isEmpty } ?? []
        round.issuerListing = IssuerListing(
            acceptableAuthorities: round.acceptableAuthorities,
            issuers: identities.client?.identity.issuersDER ?? [])
        return round
    }
}
