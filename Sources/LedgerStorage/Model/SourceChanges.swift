import Certificates

/// Where certificates are looked for: a registration's path pattern, command or URL, or an endpoint.
package struct SourceKey: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case file
        case command
        case url
        case endpoint

        /// Whether a look shows all that is there. One at an endpoint shows one of several addresses, which may hold
        /// different certificates, so that there only absence over time proves anything.
        var isSeenWhole: Bool {
            switch self {
            case .file, .command, .url: true
            case .endpoint: false
            }
        }

        /// How many passes in a row must find trouble before it is told, unless the registration says so: a network or a
        /// service may fail once, a file does not vanish by itself.
        package var failuresBeforeAlert: Int {
            switch self {
            case .command, .url: 2
            case .file, .endpoint: 1
            }
        }
    }

    package let kind: Kind
    /// The registration's or the endpoint's name.
    package let registration: String
    /// The pattern, the command, or the URL.
    package let place: String

    package init(kind: Kind, registration: String, place: String) {
        self.kind = kind
        self.registration = registration
        self.place = place
    }
}

/// What a pass saw at one path that was not as it had been.
package enum PathChange: Hashable, Sendable {
    /// New or changed: what it holds now, in order. `changeKey` nil: read it again next time.
    /// `encodings` is the DER of what was read, by fingerprint: without it, nothing is verified.
    case read(
        FilePath, changeKey: [UInt8]?, sightings: [Sighting], encodings: [Fingerprint: [UInt8]] = [:],
        defects: [Defect])
    /// It is there and cannot be read: what was known of it stays known.
    case unreadable(FilePath, Defect)
    /// It is there, cannot be read, and is trouble only if certificates were seen there.
    case skipped(FilePath, Defect)
    /// It is not there, and the place where it was could be read.
    case gone(FilePath)
}

/// How a pass over one source ended.
package enum SourceOutcome: Hashable, Sendable {
    case seen
    /// Nothing could be seen of it; what was known stays known.
    case lost(Defect)
}

/// A source over which a pass has ended that saw nothing new there.
package struct FinishedSource: Sendable {
    package let key: SourceKey
    package let outcome: SourceOutcome
    /// What was recorded when the pass looked.
    package let revision: SourceRevision

    package init(key: SourceKey, outcome: SourceOutcome, revision: SourceRevision) {
        self.key = key
        self.outcome = outcome
        self.revision = revision
    }
}

/// A file that the ledger remembers.
package struct RememberedFile: Hashable, Sendable {
    package let path: FilePath
    package let changeKey: [UInt8]?
}
