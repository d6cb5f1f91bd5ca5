import CertificateDecoding
import Certificates
import FileReading

/// Predicts findings from one round of probes: from the server's acceptable CAs, the chain at each address, the file
/// that it should present, and the expiry of our client certificate. It uses only what the round observed.
struct Foresight {
    private static let fileLimit = 8 << 20

    private(set) var predictedFindings: [PredictedFinding] = []
    /// The codes that were checked and not found.
    private(set) var refuted: [FindingCode] = []

    /// - Throws: `OpenSSLError` when OpenSSL provides no SHA-256.
    init(
        _ endpoint: Endpoint, _ rounds: [ProbeRound], identities: ProbeIdentities, outlook: ClientOutlook?,
        at now: Instant
    ) throws {
        let chains = try rounds.map { try CertificateDecoder().bundle(presented: $0.presentedChain).certificates }
            .filter { !$0.isEmpty }
        predict(.issuerNotAccepted, Self.listing(in: rounds))
        predict(.clientOutlivesIssuer, Self.sight(of: outlook))
        predict(.expiredAccepted, Self.entryAfterExpiry(in: rounds, identities.client?.certificate))
        guard let first = chains.first, let leaf = first.first else { return }
        let anchors = identities.anchors.certificates
        let served = chains.map { ServedChain($0, anchors: anchors) }
        predict(.servedChainIncomplete, .seen(served.compactMap(\.incompleteness).first))
        predict(.expiredCertificateServed, .seen(served.compactMap { $0.expiredCompanion(at: now) }.first))
        predict(.servedCertificatesDisagree, Self.agreement(rounds, chains))
        if let file = endpoint.servedCertificateFile {
            predict(.servedCertificateDiffers, try Self.comparison(of: leaf, with: file))
        }
    }

    /// The result of one check.
    private enum Sight {
        /// nil when nothing is wrong.
        case seen(PredictionFact?)
        case unseen
    }

    private mutating func predict(_ code: FindingCode, _ sight: Sight) {
        switch sight {
        case .seen(let fact?): predictedFindings.append(PredictedFinding(code, fact))
        case .seen(nil): refuted.append(code)
        case .unseen: break
        }
    }

    /// Checks the CAs that the server names in the handshake. Many servers name none, which is not a problem. A
    /// certificate that is already refused needs no prediction.
    private static func listing(in rounds: [ProbeRound]) -> Sight {
        let rounds = rounds.filter { $0.positive.outcome == .accepted }
        if rounds.contains(where: { $0.issuerListing == .missing }) {
            return .seen(.issuerNotListed)
        }
        let isRequested = rounds.contains { $0.clientCertificateRequested }
        return isRequested ? .seen(nil) : .unseen
    }

    /// Checks whether a server that asks for a certificate accepts ours after its expiry, and so ignores dates.
    private static func entryAfterExpiry(in rounds: [ProbeRound], _ client: Certificate?) -> Sight {
        let rounds = rounds.filter { $0.clientCertificateRequested }
        guard let client, !rounds.isEmpty else { return .unseen }
        guard let open = rounds.first(where: { $0.positive.letsInExpired }) else {
            return rounds.allSatisfy { $0.positive.wasDecided } ? .seen(nil) : .unseen
        }
        return .seen(.expiredAccepted(name: client.subject, end: open.positive.certificateEnd))
    }

    private static func sight(of outlook: ClientOutlook?) -> Sight {
        switch outlook {
        case nil, .unknown: .unseen
        case .endsByItself: .seen(nil)
        case .endsWith(let issuer, let end):
            .seen(.clientEndsWithIssuer(issuer: issuer.subject, end: end))
        }
    }

    private static func agreement(_ rounds: [ProbeRound], _ chains: [[Certificate]]) -> Sight {
        let leaves = chains.compactMap(\.first)
        guard leaves.count > 1 else { return .unseen }
        let addresses = rounds.filter { !$0.presentedChain.isEmpty }.compactMap(\.address)
        guard Set(leaves.map(\.fingerprint)).count > 1 else { return .seen(nil) }
        return .seen(
            .addressesDisagree(
                zip(addresses, leaves).map { PredictionFact.AddressedCertificate(address: $0, end: $1.end) }))
    }

    private static func comparison(of served: Certificate, with file: String) throws -> Sight {
        // An unreadable file is reported by its own registration.
        guard let bytes = try? RegularFile.read(file, limit: fileLimit) else { return .unseen }
        guard let registered = try CertificateDecoder().bundle(bytes).certificates.first else { return .unseen }
        guard registered.fingerprint != served.fingerprint else { return .seen(nil) }
        let fileIsNewer = (registered.validity.notBefore ?? .distantPast) > (served.validity.notBefore ?? .distantPast)
        return .seen(
            .fileDiffers(path: file, served: served.end, inFile: registered.end, fileIsNewer: fileIsNewer))
    }
}

extension Certificate {
    /// When it ends, as a prediction states it.
    var end: PredictionFact.End {
        switch validity.expiry {
        case .at(let instant): .at(instant)
        case .never: .never
        case .unreadable: .unreadable
        }
    }
}

extension ProbeResult {
    fileprivate var letsInExpired: Bool { outcome == .accepted && certificate == .expired }
    fileprivate var wasDecided: Bool { outcome == .accepted || outcome.kind == .refused }
}

extension Instant {
    fileprivate static let distantPast = Instant(seconds: .min)
}
