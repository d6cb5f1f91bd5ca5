import Certificates

/// The result of reading a command or a URL.
package enum Fetched: Hashable, Sendable {
    /// The complete content. `validator` lets the next request ask only for changes; nil when the place has none.
    case content([UInt8], validator: [UInt8]?)
    /// The content has not changed since the validator was returned.
    case unchanged
    /// The place could not be read. Its known certificates stay known.
    case failed(Defect)
}
