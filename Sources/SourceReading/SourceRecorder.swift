import Certificates
import ExpiryRules
import LedgerStorage

/// Records the observation of one source, and has the ledger's memory of it.
package actor SourceRecorder {
    package nonisolated let key: SourceKey
    /// The role of the registration that the source belongs to; nil without one.
    nonisolated let role: Role?
    nonisolated let observer: SourceObserver
    private let revisionBefore: SourceRevision
    private var revision: SourceRevision
    private(set) var noticeIDs: [Int64] = []

    init(_ key: SourceKey, by observer: SourceObserver) async throws {
        self.key = key
        self.observer = observer
        role = observer.plan.registration(named: key.registration)?.role
        revisionBefore = try await observer.ledger.revision(of: key)
        revision = revisionBefore
    }

    /// Runs `body` with the stored files of the source.
    nonisolated func recalling<Value: Sendable>(
        _ body: @escaping @Sendable (SourceMemory) throws -> Value
    ) async throws -> Value {
        try await observer.ledger.recalling(key, body)
    }

    /// Records changes in one transaction.
    func record(_ changes: [PathChange]) async throws {
        guard !changes.isEmpty else { return }
        noticeIDs += try await observer.ledger.record(
            changes, of: key, since: revision, plan: observer.plan, at: observer.time.now)
        revision = revision.next
    }

    /// Concludes the observation.
    ///
    /// - Returns: the source if nothing was recorded. Sources without changes are finished together.
    func finish(_ outcome: SourceOutcome) async throws -> FinishedSource? {
        guard revision != revisionBefore else {
            return FinishedSource(key: key, outcome: outcome, revision: revision)
        }
        noticeIDs += try await observer.ledger.finish(
            key, outcome: outcome, since: revision, plan: observer.plan, at: observer.time.now)
        return nil
    }
}
