import Certificates
import LedgerStorage

/// A place of a registration whose certificates and lists a pass observes: paths, a command, a URL.
///
/// A new kind is one file with a type that conforms, and its row in `Settings.fetchedSources`. Its case in
/// `SourceKey.Kind` and its keys in the configuration come besides. An endpoint is observed by its probes (Probing).
package protocol Source: Sendable {
    /// Its identity in the ledger.
    var key: SourceKey { get }

    /// Reads the place, and records what is new, changed or gone.
    ///
    /// - Returns: whether the place could be read.
    /// - Throws: `StaleObservation` when another run has recorded the source meanwhile; `LedgerError`.
    func observe(by recorder: SourceRecorder) async throws -> SourceOutcome
}
