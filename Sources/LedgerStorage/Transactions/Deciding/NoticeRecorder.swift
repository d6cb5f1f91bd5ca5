import Certificates
import ExpiryRules

/// Inserts notices with a delivery for each of their receivers.
struct NoticeRecorder {
    let session: any SQLSession
    let now: Instant

    /// Inserts notices and one pending delivery for each addressee. No two of the notices may have the same subject.
    ///
    /// - Returns: the ids of the notices that had not been decided before.
    func notify(_ drafts: [(draft: NoticeDraft, addressees: [Addressee])]) throws -> [Int64] {
        let inserted = try session.notices.insert(drafts.map(\.draft), state: .open, at: now)
        var notified: [(id: Int64, draft: NoticeDraft, addressees: [Addressee])] = []
        for (draft, addressees) in drafts {
            guard let id = try inserted[draft.subject] ?? reopen(draft) else { continue }
            notified.append((id, draft, addressees))
        }
        try session.notices.insertPassedOver(notified.map(\.draft), at: now)
        try session.deliveries.enqueue(
            notified.flatMap { notice in
                notice.addressees.map { DeliveryTable.New(noticeID: notice.id, addressee: $0) }
            }, at: now)
        return notified.map(\.id)
    }

    /// Inserts one notice.
    func notify(_ draft: NoticeDraft, to addressees: [Addressee]) throws -> [Int64] {
        try notify([(draft, addressees)])
    }

    /// Opens a notice that was cancelled with its threshold, since the threshold is configured again.
    private func reopen(_ draft: NoticeDraft) throws -> Int64? {
        let id = try session.notices.reopen(draft)
        if let id { try session.deliveries.revive(noticeIDs: [id], at: now) }
        return id
    }
}
