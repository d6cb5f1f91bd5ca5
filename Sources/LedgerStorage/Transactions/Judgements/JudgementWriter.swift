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
        let ids = try session.objects.ids(of: Set(judgements.flatMap(\.mentioned)))
        let verdicts = try judgements.map { judgement in
            guard let id = ids[judgement.fingerprint] else {
                throw LedgerError(
                    "the ledger has no certificate \(judgement.fingerprint), so it cannot record a verdict")
            }
            return (id: id, judgement: judgement)
        }
        let former = try session.judgements.former(verdicts.map(\.id), in: registration)
        // Of a verdict, only the early end affects decisions on stages.
        let endingOtherwise = verdicts.filter { former[$0.id]?.expiresAt != $0.judgement.earlyEnd?.expiry }
            .map(\.judgement.fingerprint)
        let before =
            endingOtherwise.isEmpty ? [:] : try StandingReader(session: session).standings(of: endingOtherwise)
        try session.judgements.store(
            verdicts.map { JudgementTable.Row($1, of: $0, ids) }, in: registration, context: context)
        let verifiedAgain = verdicts.map(\.id).filter { former[$0] != nil }
        if !verifiedAgain.isEmpty { try session.needs.forget(verifiedAgain, in: registration) }
        try session.needs.insert(
            verdicts.map { ($0, needed: Set($1.needed.compactMap { ids[$0] })) }, in: registration)
        // An unchanged verdict changes no finding.
        var isNews = verifiedAgain.count < verdicts.count
        for (id, judgement) in verdicts where former[id] != nil || !judgement.flaws.isEmpty {
            let isChanged = try session.flaws.replace(judgement.flaws, of: id, in: registration)
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
        try session.needs.forget(gone.map(\.id), in: registration)
        try session.flaws.forget(gone.map(\.id), in: registration)
        try session.unreported.mark(registration)
        return try gone.map(\.fingerprint).flatMap(standing.reconsider)
    }
}

extension Judgement {
    /// The CAs and the revocation list that the certificate needs.
    fileprivate var needed: Set<Fingerprint> { Set(authorities + [revocationList].compactMap(\.self)) }

    /// All that it names, and the certificate or list itself.
    fileprivate var mentioned: [Fingerprint] {
        [fingerprint, earlyEnd?.culprit, revocationList].compactMap(\.self) + authorities
    }
}

extension JudgementTable.Row {
    /// The row of a judgement. `ids` are of what it names.
    fileprivate init(_ judgement: Judgement, of certificateID: Int64, _ ids: [Fingerprint: Int64]) {
        self.init(
            certificateID: certificateID, reviewAt: judgement.reviewAt, expiresAt: judgement.earlyEnd?.expiry,
            culpritID: judgement.earlyEnd.flatMap { ids[$0.culprit] },
            listID: judgement.revocationList.flatMap { ids[$0] })
    }
}
