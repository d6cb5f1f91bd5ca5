import Certificates
import Configuration
import Delivery
import Metrics
import Synchronization

/// What the daemon has told its listener: the configuration in use, and how passes and reloads went.
package final class DaemonState: Sendable {
    /// One moment of it.
    struct Moment {
        var settings: Settings
        /// When the last pass finished, or the daemon started.
        var progressAt: Instant
        var hasFinishedPass = false
        var reload = Reload.succeeded
        /// When the configuration in use was read.
        var configuredAt: Instant
    }

    /// How the last reading of the configuration went.
    enum Reload {
        case succeeded, failed
    }

    private let moment: Mutex<Moment>
    package let counters: ActivityCounters

    /// - Parameters:
    ///   - settings: the configuration that the daemon starts with.
    ///   - now: the time of the start.
    ///   - counters: the notices and attempts since then.
    package init(settings: Settings, at now: Instant, counters: ActivityCounters) {
        moment = Mutex(Moment(settings: settings, progressAt: now, configuredAt: now))
        self.counters = counters
    }

    /// The configuration in use.
    package var settings: Settings { moment.withLock(\.settings) }

    var current: Moment { moment.withLock(\.self) }

    /// Notes that the configuration was read.
    package func noteConfiguration(_ settings: Settings, at now: Instant) {
        moment.withLock { moment in
            moment.settings = settings
            moment.configuredAt = now
            moment.reload = .succeeded
        }
    }

    /// Notes that the configuration could not be read; the last one stays in use.
    package func noteFailedReload() {
        moment.withLock { $0.reload = .failed }
    }

    /// Notes that a pass has finished.
    package func notePass(finishedAt now: Instant) {
        moment.withLock { moment in
            moment.progressAt = now
            moment.hasFinishedPass = true
        }
    }

    /// Counts attempts by the kind of their receiver.
    package func noteAttempts(_ reports: [DeliveryReport]) {
        guard !reports.isEmpty else { return }
        let receivers = moment.withLock(\.settings.receivers)
        for report in reports {
            guard let receiver = receivers.first(where: { $0.name == report.receiver }) else { continue }
            counters.countAttempt(kind: receiver.kind.rawValue, report.outcome)
        }
    }
}
