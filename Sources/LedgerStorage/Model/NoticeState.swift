/// The state of a notice. The ledger stores the raw values.
package enum NoticeState: String, Hashable, Sendable {
    /// The condition is true, and the notice is sent.
    case open
    /// A notice of a more urgent stage replaced it.
    case superseded
    /// The subject was renewed, removed, recovered or unregistered.
    case ended
}
