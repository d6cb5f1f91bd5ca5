import Certificates
import ExpiryRules

/// Records the verdicts on certificates and lists of one registration, inside one transaction.
struct JudgementWriter {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    private var standing: StandingWriter { StandingWriter(session: session, plan: plan, now: now) }

    /// Records verdicts, at most one for each object.
    ///
    /// - Returns: the ids of the notices that were decided.
    func record(_ judgements: [Judgement], context: [UInt8]) throws -> [Int64] {
        let former = try session.judgements.former(judgements.map(\.fingerprint), in: registration)
        // Of a verdict, only the early end affects decisions on stages.
        let endingOtherwise = judgements.filter { former[$0.fingerprint]?.expiresAt != $0.earlyEnd?.expiry }
            .map(\.fingerprint)
        let before =
            endingOtherwise.isEmpty ? [:] : try StandingReader(session: session).standings(of: endingOtherwise)
        try session.judgements.store(judgements, in: registration, context: context)
        let judgedAgain = judgements.map(\.fingerprint).filter { former[$0] != nil }
        if !judgedAgain.isEmpty { try session.needs.forget(judgedAgain, in: registration) }
        try session.needs.insert(judgements.map { ($0.fingerprint, needed: $0.needed) }, in: registration)
        // An unchanged verdict changes no finding.
        var isNews = judgedAgain.count < judgements.count
        for judgement in judgements where former[judgement.fingerprint] != nil || !judgement.flaws.isEmpty {
            let isChanged = try session.flaws.replace(
                judgement.flaws, of: judgement.fingerprint, in: registration)
            isNews = isNews || isChanged
        }
        if isNews { try session.unreported.mark(registration) }
        return try endingOtherwise.flatMap { fingerprint in
            try before[fingerprint].map { try standing.reconsider(fingerprint, thoughtToEnd: $0.expiry) } ?? []
        }
    }

    /// Deletes the verdicts on objects that no place of the registration shows any more.
    func forgetWhatIsGone() throws -> [Int64] {
        let gone = try session.judgements.forgetWhatIsGone(from: registration)
        guard !gone.isEmpty else { return [] }
        try session.needs.forget(gone, in: registration)
        try session.flaws.forget(gone, in: registration)
        try session.unreported.mark(registration)
        return try gone.flatMap(standing.reconsider)
    }
}

extension Judgement {
    /// The CAs and the revocation list that the certificate needs.
    fileprivate var needed: Set<Fingerprint> { Set(authorities + [revocationList].compactMap(\.self)) }
}
