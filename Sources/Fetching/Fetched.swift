import Certificates

/// What came of asking a place for what it holds.
package enum Fetched: Hashable, Sendable {
    /// All of it. `validator` tells next time whether it has changed; nil where the place has no such thing.
    case content([UInt8], validator: [UInt8]?)
    /// It is as it was when the validator was given.
    case unchanged
    /// Nothing can be said of it: what was known stays known.
    case failed(Defect)
}
