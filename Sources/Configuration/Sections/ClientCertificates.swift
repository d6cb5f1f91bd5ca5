import Certificates
import ExpiryRules
import Probing
import Scanning

/// The client certificates of endpoints as registrations of their own: what opens an endpoint expires like any other.
///
/// A file that an entry of `certificates` names, or that lies below a directory it names, is registered there already,
/// and a file that several endpoints share belongs to the first. So nobody is told twice of one file.
struct ClientCertificates {
    private(set) var registrations: [Registration] = []
    private(set) var sources: [FileSource] = []

    init(of endpoints: [Endpoint], besides certificates: CertificatesSection, thresholds: [Threshold]) {
        var covered = certificates.sources.map(\.pattern).filter { !$0.isGlob }.map { FilePath($0.text) }
        for endpoint in endpoints {
            guard let file = endpoint.tls.certFile else { continue }
            let pattern = BaseDirectory.pattern(for: file)
            let path = FilePath(pattern.text)
            guard !covered.contains(where: path.isWithin) else { continue }
            covered.append(path)
            registrations.append(Registration(name: endpoint.name, role: .client, thresholds: thresholds))
            sources.append(FileSource(registration: endpoint.name, pattern: pattern))
        }
    }
}
