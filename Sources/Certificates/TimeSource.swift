/// Where "now" comes from. Rules take an `Instant`; only those who act in time hold one of these.
package protocol TimeSource: Sendable {
    var now: Instant { get }
}
