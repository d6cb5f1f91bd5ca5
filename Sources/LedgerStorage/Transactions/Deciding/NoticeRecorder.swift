import Certificates
import ExpiryRules

/// Records notices, with a delivery for each receiver that is told.
struct NoticeRecorder {
    let session: any SQLSession
    let now: Instant

    /// Writes a notice and one pending delivery for each of `addressees`.
    ///
    /// - Returns: the notice's id, or nothing when it had been decided before.
    func tell(_ draft: NoticeDraft, to addressees: [Addressee]) throws -> [Int64] {
        guard let id = try session.notices.insert(draft, state: .open, at: now) ?? reopen(draft) else { return [] }
        for missed in draft.missed {
            let passedOver = NoticeDraft(
                subject: draft.subject, kind: .expiring, stage: missed, episode: draft.episode,
                registration: draft.registration, fingerprint: draft.fingerprint, severity: .warning,
                occurredAt: draft.occurredAt, usefulUntil: draft.usefulUntil)
            _ = try session.notices.insert(passedOver, state: .superseded, at: now)
        }
        try session.deliveries.enqueue(noticeID: id, to: addressees, at: now)
        return [id]
    }

    /// Tells what was cancelled with its threshold, now that the threshold is back.
    private func reopen(_ draft: NoticeDraft) throws -> Int64? {
        let id = try session.notices.reopen(draft)
        if let id { try session.deliveries.revive(noticeIDs: [id], at: now) }
        return id
    }
}
