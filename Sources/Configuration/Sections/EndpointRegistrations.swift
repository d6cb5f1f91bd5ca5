import Certificates
import ExpiryRules
import Probing
import Scanning

/// The registrations that endpoints bring with them: what they present, and what opens them, expires like any other
/// certificate.
///
/// An endpoint's presented chain is watched under its own name. Its client certificate is watched as `NAME/client` (no
/// entry can have a name with a slash), unless it is registered already: a file that an entry of `certificates` names, or
/// that lies below a directory it names, or that an earlier endpoint uses. So nobody is told twice of one file.
struct EndpointRegistrations {
    private(set) var registrations: [Registration] = []
    private(set) var sources: [FileSource] = []

    init(of endpoints: [Endpoint], besides registered: [FileSource]) {
        let covered = registered.map(\.pattern).filter { !$0.isGlob }.map { FilePath($0.text) }
        var used: Set<FilePath> = []
        for endpoint in endpoints {
            registrations.append(
                Registration(name: endpoint.name, role: .server, endpoint: endpoint.name))
            guard let file = endpoint.tls.certFile else { continue }
            let pattern = PathPattern(literal: file)
            let path = FilePath(pattern.text)
            guard used.insert(path).inserted, !covered.contains(where: path.isWithin) else { continue }
            let client = Registration(
                name: "\(endpoint.name)/client", role: .client, endpoint: endpoint.name)
            registrations.append(client)
            sources.append(
                FileSource(
                    registration: client.name, pattern: pattern,
                    passphraseFile: endpoint.tls.keyPassphraseFile.map { FilePath($0) }))
        }
    }

    /// An endpoint's own times hold for all that it brings with it.
    func times(of endpoints: EndpointsSection) -> [String: AlertTimes] {
        var times: [String: AlertTimes] = [:]
        for registration in registrations {
            times[registration.name] = registration.endpoint.flatMap { endpoints.times[$0] }
        }
        return times
    }
}
