import Certificates

/// Identifies a source: a registration's path pattern, command or URL, an endpoint, or an edge.
package struct SourceKey: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case file
        case command
        case url
        case endpoint
        /// Reports the client certificates that it sees. Edges are not configured: each begins with its first report.
        case edge

        /// Whether one reading shows the whole content. A probe reaches only one of an endpoint's addresses, and these
        /// may have different certificates, so there only absence over time is proof. An edge reports what is used.
        var isSeenWhole: Bool {
            switch self {
            case .file, .command, .url: true
            case .endpoint, .edge: false
            }
        }

        /// The default number of consecutive bad passes before a finding. A network or a service may fail once; a file
        /// does not vanish by itself.
        package var failuresBeforeAlert: Int {
            switch self {
            case .command, .url: 2
            case .file, .endpoint, .edge: 1
            }
        }
    }

    package let kind: Kind
    /// The registration's or the endpoint's name.
    package let registration: String
    /// The pattern, the command, the URL, or the name of the edge.
    package let place: String

    package init(kind: Kind, registration: String, place: String) {
        self.kind = kind
        self.registration = registration
        self.place = place
    }
}

/// A change that a pass found at one path.
package enum PathChange: Hashable, Sendable {
    /// The path is new or changed. `sightings` has its content in order. Without a `changeKey` the path is read again
    /// in the next pass. `encodings` has the DER of what was read, by fingerprint, which verification needs.
    case read(
        FilePath, changeKey: [UInt8]?, sightings: [Sighting], encodings: [Fingerprint: [UInt8]] = [:],
        defects: [Defect])
    /// The path exists and cannot be read. Earlier observations stay.
    case unreadable(FilePath, Defect)
    /// The path exists and cannot be read, which is a finding only if it had certificates before.
    case skipped(FilePath, Defect)
    /// The path does not exist, and its directory could be read.
    case gone(FilePath)
}

/// The outcome of reading one source in a pass.
package enum SourceOutcome: Hashable, Sendable {
    case seen
    /// The source could not be read at all. Earlier observations stay.
    case lost(Defect)
}

/// A source that a pass has read without changes.
package struct FinishedSource: Sendable {
    package let key: SourceKey
    package let outcome: SourceOutcome
    /// The revision when the pass began to read.
    package let revision: SourceRevision

    package init(key: SourceKey, outcome: SourceOutcome, revision: SourceRevision) {
        self.key = key
        self.outcome = outcome
        self.revision = revision
    }
}

/// A file in the ledger.
package struct RememberedFile: Hashable, Sendable {
    package let path: FilePath
    package let changeKey: [UInt8]?
}
