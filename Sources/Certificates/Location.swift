/// The exact place of one certificate.
package enum Location: Hashable, Sendable {
    /// The certificate at `index`, counted from 0, in a file.
    case file(FilePath, index: Int)
    /// The certificate at `index` of the chain that an endpoint presented. Index 0 is the server's own certificate.
    case endpoint(name: String, index: Int)
    /// The certificate at `index` in the output of a command or in the content of a URL.
    case fetched(place: String, index: Int)
    /// The certificate at `index` in standard input.
    case standardInput(index: Int)
    /// A client certificate that an edge reported: `edge-1`, or `edge-1 for api.example.com`.
    case observed(place: String)
}

extension Location {
    /// The index of the certificate in its file, stream or chain.
    package var index: Int {
        switch self {
        case .file(_, let index), .endpoint(_, let index), .fetched(_, let index), .standardInput(let index): index
        case .observed: 0
        }
    }
}

extension Location: CustomStringConvertible {
    /// `pki/ca.pem`, or `pki/ca.pem#2` for the third certificate in it; `exec vault read pki/ca`; `endpoint api#1`; `-`;
    /// `observed at edge-1 for api.example.com`.
    package var description: String {
        switch self {
        case .file(let path, let index): path.description + Self.suffix(index)
        case .fetched(let place, let index): place + Self.suffix(index)
        case .endpoint(let name, let index): "endpoint " + name + Self.suffix(index)
        case .standardInput(let index): "-" + Self.suffix(index)
        case .observed(let place): "observed at " + place
        }
    }

    private static func suffix(_ index: Int) -> String {
        index == 0 ? "" : "#\(index)"
    }
}
