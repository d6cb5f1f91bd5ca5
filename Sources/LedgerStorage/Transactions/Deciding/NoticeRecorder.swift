import Certificates
import ExpiryRules

/// Inserts notices with a delivery for each of their receivers.
struct NoticeRecorder {
    let session: any SQLSession
    let now: Instant

    /// Inserts notices and one pending delivery for each addressee. No two of the notices may have the same subject.
    ///
    /// - Returns: the ids of the notices that had not been decided before.
    func tell(_ drafts: [(draft: NoticeDraft, addressees: [Addressee])]) throws -> [Int64] {
        let inserted = try session.notices.insert(drafts.map(\.draft), state: .open, at: now)
        var told: [(id: Int64, draft: NoticeDraft, addressees: [Addressee])] = []
        for (draft, addressees) in drafts {
            guard let id = try inserted[draft.subject] ?? reopen(draft) else { continue }
            told.append((id, draft, addressees))
        }
        try session.notices.insertPassedOver(told.map(\.draft), at: now)
        try session.deliveries.enqueue(
            told.flatMap { notice in
                notice.addressees.map { DeliveryTable.New(noticeID: notice.id, addressee: $0) }
            }, at: now)
        return told.map(\.id)
    }

    /// Inserts one notice.
    func tell(_ draft: NoticeDraft, to addressees: [Addressee]) throws -> [Int64] { try tell([(draft, addressees)]) }

    /// Opens a notice that was cancelled with its threshold, since the threshold is configured again.
    private func reopen(_ draft: NoticeDraft) throws -> Int64? {
        let id = try session.notices.reopen(draft)
        if let id { try session.deliveries.revive(noticeIDs: [id], at: now) }
        return id
    }
}
