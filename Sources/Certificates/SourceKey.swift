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
        package var isSeenWhole: Bool {
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
