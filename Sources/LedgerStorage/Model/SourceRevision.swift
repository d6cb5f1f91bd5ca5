/// How often a source was recorded: what a run asks before it looks, so that it can be told when another run, which may
/// have looked later, has recorded in between.
package struct SourceRevision: Hashable, Sendable {
    let number: Int64

    /// The revision after one recording.
    package var next: SourceRevision { SourceRevision(number: number + 1) }
}

/// Another run has recorded this source since this one began to look at it. What this one saw may be older, and is
/// dropped: a file that was replaced would seem to have gone back.
package struct StaleObservation: Error {}
