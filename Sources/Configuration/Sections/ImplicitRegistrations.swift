import Certificates
import ExpiryRules
import Probing
import Scanning
import TransportSecurity

/// The registrations that come with others: what endpoints present, and the client certificates that notafter itself shows
/// to endpoints, receivers, the heartbeat and URL sources. All of them expire like any other certificate.
///
/// An endpoint's presented chain is watched under its own name. A client certificate is watched as `NAME/client` (no entry
/// can have a name with a slash), unless it is registered already: a file that an entry of `certificates` names, or that lies
/// below a directory it names, or that an earlier owner uses. So each file is told of once.
struct ImplicitRegistrations {
    /// What shows a client certificate to a server that is no endpoint.
    struct TLSClient {
        let name: String
        /// Tells two of the same name apart.
        let kind: String
        let tls: TLSFiles
        var owner: String?
        var labels: [String: String] = [:]
        /// nil for the defaults.
        var times: AlertTimes?
    }

    private(set) var registrations: [Registration] = []
    private(set) var sources: [FileSource] = []
    /// When to tell, as far as the owners say so, by the registration's name.
    private(set) var times: [String: AlertTimes] = [:]
    private let covered: [FilePath]
    private var used: Set<FilePath> = []

    init(endpoints: EndpointsSection, clients: [TLSClient], besides registered: [FileSource]) {
        covered = registered.map(\.pattern).filter { !$0.isGlob }.map { FilePath($0.text) }
        for endpoint in endpoints.endpoints {
            // An endpoint's own times hold for all that it brings with it.
            let times = endpoints.times[endpoint.name]
            add(Registration(name: endpoint.name, role: .server, endpoint: endpoint.name), times)
            let client = Registration(name: "\(endpoint.name)/client", role: .client, endpoint: endpoint.name)
            watch(endpoint.tls, as: client, times)
        }
        for client in clients {
            let name = "\(client.name)/client"
            let isTaken = registrations.contains { $0.name == name }
            watch(
                client.tls,
                as: Registration(
                    name: isTaken ? "\(client.kind)/\(name)" : name, role: .client, owner: client.owner,
                    labels: client.labels),
                client.times)
        }
    }

    private mutating func watch(_ tls: TLSFiles, as client: Registration, _ times: AlertTimes?) {
        guard let file = tls.certFile else { return }
        let pattern = PathPattern(literal: file)
        let path = FilePath(pattern.text)
        guard used.insert(path).inserted, !covered.contains(where: path.isWithin) else { return }
        add(client, times)
        sources.append(
            FileSource(
                registration: client.name, pattern: pattern,
                passphraseFile: tls.keyPassphraseFile.map { FilePath($0) }))
    }

    private mutating func add(_ registration: Registration, _ times: AlertTimes?) {
        registrations.append(registration)
        self.times[registration.name] = times
    }
}
