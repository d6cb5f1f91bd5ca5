import Certificates

/// How long a certificate has been missing from a place that could be read.
///
/// A pass that could not read the place counts for nothing: no certificate is taken for removed by an error.
package struct Absence: Hashable, Sendable {
    package let since: Instant
    /// Passes that read the place and did not find it, the first included.
    package let passes: Int

    package init(since: Instant, passes: Int) {
        self.since = since
        self.passes = passes
    }

    /// Two passes and 6 hours: a deployment in progress, or one address of several, is no removal.
    package func isRemoval(at now: Instant) -> Bool {
        passes >= 2 && now - since >= .hours(6)
    }
}
