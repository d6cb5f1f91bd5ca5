/// How often a source was recorded. A run asks for it before it reads the source, so that the ledger notices when
/// another run, which may have read it later, has recorded in between.
package struct SourceRevision: Hashable, Sendable {
    let number: Int64

    /// The revision after one recording.
    package var next: SourceRevision { SourceRevision(number: number + 1) }
}

/// Another run has recorded this source since this run began to read it. This run's result may be older and is dropped;
/// otherwise a replaced file would seem to have its old content again.
package struct StaleObservation: Error {}
