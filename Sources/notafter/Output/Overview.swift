import Certificates
import Configuration
import ExpiryRules
import LedgerStorage

/// An overview of the ledger's contents, for `status`.
struct Overview {
    /// A receiver of the configuration with its state.
    struct Receiver {
        /// Its worst state.
        enum State: String {
            case ok
            /// It failed, and nothing is sent to it before the next attempt is due.
            case paused
            /// It has refused a message, which waits for a manual retry.
            case refusing
            /// It has accepted nothing for so long that `receiver_unreachable` was reported.
            case unreachable
            /// It answered that it is gone (HTTP 410).
            case gone
            /// The configuration names it, and no pass has seen it yet.
            case unknown
        }

        let name: String
        let state: State
        /// Deliveries to it that are not settled.
        let open: Int
        /// When the oldest of them was decided.
        let oldest: Instant?
        /// When the next of them may be tried.
        let nextAttempt: Instant?
        /// When it last accepted a message.
        let takenAt: Instant?
    }

    /// The number of the next alerts that are shown.
    static let nextLimit = 5
    /// Without a good pass for this time there is a problem, whatever the interval: at least one pass a day is recommended.
    static let patience = TimeSpan.days(2)

    let now: Instant
    let listing: CertificateListing
    let endpoints: [OperationalFacts.Endpoint]
    /// Endpoints of the configuration that no round has probed yet.
    let unprobedEndpoints: [String]
    let receivers: [Receiver]
    let outbox: OutboxState
    let lastPass: OperationalFacts.CompletePass?
    let lastGoodPass: Instant?
    let next: [NextDecision]

    /// Reads the ledger.
    ///
    /// - Throws: `LedgerError`.
    init(of ledger: Ledger, settings: Settings, at now: Instant) async throws {
        self.now = now
        listing = try await CertificateListing(of: ledger, plan: settings.plan, at: now)
        let facts = try await ledger.operationalFacts(at: now)
        let outbox = try await ledger.outboxState(expiredSince: facts.lastPass?.startedAt ?? now, at: now)
        let names = settings.endpoints.map(\.name)
        endpoints = facts.endpoints.filter { names.contains($0.name) }
        unprobedEndpoints = names.filter { name in !facts.endpoints.contains { $0.name == name } }
        receivers = settings.receivers.map { Receiver($0.name, facts: facts, outbox: outbox) }
        self.outbox = outbox
        lastPass = facts.lastPass
        lastGoodPass = facts.lastGoodPass
        next = try await ledger.nextDecisions(after: now, limit: Self.nextLimit)
    }

    /// The worst status of all parts, as for monitoring plugins.
    var status: NagiosStatus {
        .worst([listing.status, endpointStatus, outbox.needsAction ? .critical : .ok, passStatus])
    }

    /// A bad round is a warning even if `failures_before_alert` requires more rounds for a finding.
    private var endpointStatus: NagiosStatus { endpoints.allSatisfy(\.isGood) ? .ok : .warning }

    private var passStatus: NagiosStatus {
        guard lastPass != nil else { return .unknown }
        return isBehind ? .warning : .ok
    }

    /// Whether the last good pass is older than `patience`, or there was none.
    var isBehind: Bool { lastGoodPass.map { now - $0 > Self.patience } ?? true }

    /// `WARNING - 3 certificates: 2 ok, 1 warning; 1 of 2 endpoints is not as expected`
    var summary: String {
        let bad = endpoints.count { !$0.isGood }
        let verb = agreeing(bad, "is", "are")
        let parts = [
            listing.summary.text,
            bad == 0 ? nil : "\(bad) of \(counted(endpoints.count, "endpoint")) \(verb) not as expected",
            outbox.open == 0 ? nil : "\(counted(outbox.open, "delivery", plural: "deliveries")) open",
        ]
        return "\(status.word) - \(parts.compactMap(\.self).joined(separator: "; "))"
    }
}

extension Overview.Receiver {
    fileprivate init(_ name: String, facts: OperationalFacts, outbox: OutboxState) {
        let known = facts.receivers.first { $0.name == name }
        let backlog = outbox.backlogs.first { $0.receiver == name }
        self.name = name
        state =
            if known == nil {
                .unknown
            } else if outbox.disabledReceivers.contains(name) {
                .gone
            } else if outbox.unreachableReceivers.contains(name) {
                .unreachable
            } else if (backlog?.parked ?? 0) > 0 {
                .refusing
            } else if known?.isClosed == true {
                .paused
            } else {
                .ok
            }
        open = known?.pending ?? 0
        oldest = known?.oldest
        nextAttempt = backlog?.nextAttempt
        takenAt = known?.takenAt
    }
}
