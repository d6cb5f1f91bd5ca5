/// Where "now" comes from. Rules take an `Instant`; only those who act in time hold one of these.
package protocol TimeSource: Sendable {
    var now: Instant { get }
    /// Whether this is a time that somebody has made up: then nothing follows from how it goes.
    var isRehearsal: Bool { get }
}

extension TimeSource {
    package var isRehearsal: Bool { false }
}
