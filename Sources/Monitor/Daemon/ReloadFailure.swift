import Certificates

/// A configuration that could not be loaded when a reload was asked for; the one from before stays in use.
struct ReloadFailure: Sendable {
    /// The first failure in a row.
    let since: Instant
    /// Every problem, one a line.
    let reason: String

    /// For `systemctl status`.
    var status: String { "configuration not reloaded (\(since)), the old one is in use: \(reason)" }
}

/// Whether a pass works with the configuration that it was told to work with.
package enum ConfigurationCurrency: Hashable, Sendable {
    case current
    /// The last reload failed.
    case outdated
}
