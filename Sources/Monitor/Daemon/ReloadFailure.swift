import Certificates

/// A reload that failed. The previous configuration stays in use.
struct ReloadFailure: Sendable {
    /// The time of the first failure in a row.
    let since: Instant
    /// Every problem, one a line.
    let reason: String

    /// For `systemctl status`.
    var status: String { "configuration not reloaded (\(since)), the old one is in use: \(reason)" }
}

/// Whether a pass uses the configuration that the file holds now.
package enum ConfigurationCurrency: Hashable, Sendable {
    case current
    /// The last reload failed.
    case outdated
}
