import Configuration
import Delivery

/// What the daemon reports of its work, for metrics and health.
package enum DaemonEvent: Sendable {
    /// The configuration was read, at the start or for a reload.
    case configured(Settings)
    /// The configuration could not be read; the last one stays in use.
    case notReloaded
    /// A pass has finished.
    case passed
    case attempted([DeliveryReport])
}
