import Certificates
import ExpiryRules

/// Writes what verification said of the certificates and lists of one registration, inside one transaction.
struct JudgementWriter {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    private var standing: StandingWriter { StandingWriter(session: session, plan: plan, now: now) }

    /// Records a verdict.
    ///
    /// - Returns: the ids of the notices that were decided.
    func record(_ judgement: Judgement, context: [UInt8]) throws -> [Int64] {
        let fingerprint = judgement.fingerprint
        let former = try session.judgements.former(fingerprint, in: registration)
        // Only another end makes another standing.
        let endsOtherwise = former?.expiresAt != judgement.earlyEnd?.expiry
        let expiryBefore =
            endsOtherwise ? try StandingReader(session: session).standing(of: fingerprint)?.expiry : nil
        try session.judgements.store(judgement, in: registration, context: context)
        let needed = Set(judgement.authorities + [judgement.revocationList].compactMap(\.self))
        // Of a first verdict nothing is to be replaced.
        if former != nil || !needed.isEmpty {
            try session.needs.replace(fingerprint, in: registration, with: needed)
        }
        // The same verdict once more changes no finding.
        var flawsChanged = false
        if former != nil || !judgement.flaws.isEmpty {
            flawsChanged = try session.flaws.replace(judgement.flaws, of: fingerprint, in: registration)
        }
        if former == nil || flawsChanged { try session.unreported.mark(registration) }
        guard let expiryBefore else { return [] }
        return try standing.reconsider(fingerprint, thoughtToEnd: expiryBefore)
    }

    /// Forgets the judgements on what no place of the registration shows any more.
    func forgetWhatIsGone() throws -> [Int64] {
        let gone = try session.judgements.forgetWhatIsGone(from: registration)
        guard !gone.isEmpty else { return [] }
        try session.needs.forget(gone, in: registration)
        try session.flaws.forget(gone, in: registration)
        try session.unreported.mark(registration)
        return try gone.flatMap(standing.reconsider)
    }
}
