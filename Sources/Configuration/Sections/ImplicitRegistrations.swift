import Certificates
import ExpiryRules
import Probing
import Scanning
import TransportSecurity

/// The registrations that follow from other entries: the chains that endpoints present, the client certificates
/// that notafter itself presents to endpoints, receivers, the heartbeat and URL sources, and the certificate and the
/// client CAs of its listener. They expire like other certificates.
///
/// A presented chain is registered under the endpoint's name. A client certificate is registered as `NAME/client`, and the
/// files of the listener as `listen/server` and `listen/client_ca`, which no entry can be named because of the slash. A file
/// is left out if it is registered already: an entry of `certificates` names it or a directory above it, or an earlier
/// owner uses it. So no file is reported twice.
struct ImplicitRegistrations {
    /// A TLS client other than a probe: it presents a client certificate to a server that is not an endpoint.
    struct TLSClient {
        let name: String
        /// Distinguishes two clients of the same name.
        let kind: String
        let tls: TLSFiles
        var owner: String?
        var labels: [String: String] = [:]
        /// nil for the defaults.
        var times: AlertTimes?
    }

    private(set) var registrations: [Registration] = []
    private(set) var sources: [FileSource] = []
    /// The thresholds and reminders that the owners set, by the registration's name.
    private(set) var times: [String: AlertTimes] = [:]
    private let covered: [FileSource]
    private var used: Set<FilePath> = []

    init(
        endpoints: EndpointsSection, clients: [TLSClient], listener: ServerTLSFiles?, besides registered: [FileSource]
    ) {
        covered = registered.filter { !$0.pattern.isGlob }
        for endpoint in endpoints.endpoints {
            // An endpoint's own thresholds apply to its presented chain and to its client certificates.
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
        if let listener {
            watch(listener.certificate, as: Registration(name: "listen/server", role: .server), nil)
            if let file = listener.clientCA {
                watch(file, as: Registration(name: "listen/client_ca", role: .ca), nil)
            }
        }
    }

    private mutating func watch(_ tls: TLSFiles, as client: Registration, _ times: AlertTimes?) {
        guard let file = tls.certFile else { return }
        watch(file, as: client, times, passphraseFile: tls.keyPassphraseFile.map { FilePath($0) })
    }

    private mutating func watch(
        _ file: String, as registration: Registration, _ times: AlertTimes?, passphraseFile: FilePath? = nil
    ) {
        let pattern = PathPattern(literal: file)
        let path = FilePath(pattern.text)
        guard used.insert(path).inserted, !covered.contains(where: { $0.covers(path) }) else { return }
        add(registration, times)
        sources.append(
            FileSource(registration: registration.name, pattern: pattern, passphraseFile: passphraseFile))
    }

    private mutating func add(_ registration: Registration, _ times: AlertTimes?) {
        registrations.append(registration)
        self.times[registration.name] = times
    }
}

extension FileSource {
    /// Whether the file or directory that it names holds `path`, and does not leave it out.
    fileprivate func covers(_ path: FilePath) -> Bool {
        let root = FilePath(pattern.text)
        return path.isWithin(root) && !exclusion.excludes(path, below: root)
    }
}
