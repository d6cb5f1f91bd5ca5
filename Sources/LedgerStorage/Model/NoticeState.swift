/// The life of a notice. Raw values stand in the ledger.
package enum NoticeState: String, Hashable, Sendable {
    /// True, and being told.
    case open
    /// A more urgent stage is told instead.
    case superseded
    /// Renewed, removed, recovered or unregistered.
    case ended
}
