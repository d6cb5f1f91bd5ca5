import Certificates
import ExpiryRules
import LedgerStorage

/// The documents of the API. The command implements it with what it prints by `--json`, so that both are the same.
package protocol APIContent: Sendable {
    /// The JSON of a resource.
    ///
    /// - Returns: nil when there is no such certificate or endpoint.
    /// - Throws: `LedgerError` when the ledger cannot be read.
    func json(of resource: APIResource) async throws -> String?

    /// The notices of the coming days as a calendar (RFC 5545).
    ///
    /// - Throws: `LedgerError` when the ledger cannot be read.
    func calendar(days: Int) async throws -> String

    /// Has something done, as a command of the command line does it.
    ///
    /// - Throws: `LedgerError` when the ledger cannot be written.
    func perform(_ intervention: Intervention) async throws -> InterventionOutcome

    /// Whether a client may be let in whose certificate an edge forwards.
    ///
    /// - Throws: `LedgerError` when the ledger cannot be read.
    func answer(to question: AdmissionRequest) async throws -> AdmissionAnswer
}

/// What the API can be asked for.
package enum APIResource: Hashable, Sendable {
    /// The overview, as `status --json` prints it.
    case status
    /// Certificates and revocation lists at their places, with the objects of `list --json`.
    case certificates(PageRequest)
    /// One certificate or list, as `explain --json` prints it.
    case certificate(Fingerprint)
    /// All endpoints of the configuration, with the objects of `status --json`.
    case endpoints
    /// One endpoint, as `explain --json` prints it.
    case endpoint(String)
    /// Deliveries in some states, with the objects of `deliveries --json`.
    case deliveries([DeliveryState], PageRequest)
    /// All silences, as `silence list --json` prints them.
    case silences
    /// The open findings, with the objects of `list --json`.
    case findings
}

/// A part of a long list. The next page begins after the last row of this one, so that rows which come and go meanwhile
/// move no other row.
package struct PageRequest: Hashable, Sendable {
    /// The cursor of the page before; 0 for the first page.
    package let after: Int64
    package let limit: Int

    package init(after: Int64 = 0, limit: Int = Self.defaultLimit) {
        self.after = after
        self.limit = limit
    }

    package static let defaultLimit = 100
    package static let limits = 1...1_000
}
