/// A clock. Rules take an `Instant` as an argument; only code that acts over time uses a `TimeSource`.
package protocol TimeSource: Sendable {
    var now: Instant { get }
    /// Whether the time is made up, as with `--at`. Then nothing is concluded from its course.
    var isRehearsal: Bool { get }
}

extension TimeSource {
    package var isRehearsal: Bool { false }
}
