import Certificates

/// How long a certificate has been absent from a place that could be read.
///
/// A pass that could not read the place does not count, so that an error is never taken for a removal.
package struct Absence: Hashable, Sendable {
    package let since: Instant
    /// The passes that read the place and did not find the certificate, including the first.
    package let passes: Int

    package init(since: Instant, passes: Int) {
        self.since = since
        self.passes = passes
    }

    /// Requires two passes and 6 hours, since a deployment in progress, or one of several addresses, is not a removal.
    package func isRemoval(at now: Instant) -> Bool {
        passes >= 2 && now - since >= .hours(6)
    }
}
