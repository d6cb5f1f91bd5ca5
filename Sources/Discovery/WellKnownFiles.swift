import CertificateDecoding
import Certificates
import FileReading
import Verification

/// Certificates in the well-known places of software and distributions, even if no configuration names them.
enum WellKnownFiles {
    /// A bundle with more CAs is a trust store of the system, which its owner renews.
    private static let mostAuthorities = 16
    private static let byteLimit = 1 << 20

    /// For leaves, CAs and client certificates. The content of a file decides about its role.
    static let patterns = [
        "/etc/letsencrypt/live/*/fullchain.pem",
        "/etc/kubernetes/pki/*.crt", "/etc/kubernetes/pki/etcd/*.crt",
        "/var/lib/kubelet/pki/kubelet-client-current.pem", "/var/lib/kubelet/pki/kubelet-server-current.pem",
        "/var/lib/kubelet/pki/kubelet.crt",
        "/etc/ssl/private/*.pem", "/etc/ssl/private/*.crt",
        "/etc/pki/tls/certs/*.crt", "/etc/pki/tls/certs/*.pem", "/etc/pki/nginx/*.crt", "/etc/pki/tls/private/*.pem",
        "/etc/nginx/*.pem", "/etc/nginx/*.crt", "/etc/nginx/*/*.pem", "/etc/nginx/*/*.crt",
        "/etc/apache2/*/*.pem", "/etc/apache2/*/*.crt", "/etc/httpd/*/*.pem", "/etc/httpd/*/*.crt",
        "/etc/haproxy/*.pem", "/etc/haproxy/*/*.pem", "/etc/haproxy/*/*.crt",
        "/etc/postgresql/*/*/*.crt", "/etc/postgresql/*/*/*.pem", "/etc/postgresql-common/root.crt",
        "/var/lib/postgresql/*/*/server.crt", "/var/lib/postgresql/*/*/root.crt",
        "/var/lib/pgsql/data/server.crt", "/var/lib/pgsql/data/root.crt",
        "/etc/mysql/*.pem", "/etc/mysql/*/*.pem", "/var/lib/mysql/*.pem",
        "/root/.postgresql/*.crt", "/home/*/.postgresql/*.crt", "/etc/openvpn/*.crt", "/etc/openvpn/*/*.crt",
        "/etc/docker/*.pem", "/etc/docker/certs.d/*/*.cert", "/etc/docker/certs.d/*/*.crt",
        "/etc/etcd/*.crt", "/etc/etcd/*/*.crt", "/etc/etcd/*.pem", "/etc/etcd/*/*.pem",
        "/etc/puppetlabs/puppet/ssl/certs/*.pem",
    ]

    /// Adds the certificates that no configuration has named.
    ///
    /// - Parameters:
    ///   - inventory: the certificates that the configurations name.
    ///   - decoder: reads the files.
    static func read(into inventory: inout Inventory, decoder: CertificateDecoder) {
        let root = inventory.root
        for pattern in patterns {
            do throws(RegularFile.Failure) {
                for path in try root.paths(matching: GlobPattern.literal(root.path) + pattern) {
                    read(root.openable(path), into: &inventory, decoder)
                }
            } catch {
                inventory.warn(error.clause, at: Place(file: root.located(pattern)))
            }
        }
    }

    private static func read(_ path: String, into inventory: inout Inventory, _ decoder: CertificateDecoder) {
        guard !inventory.certificates.contains(where: { $0.path == path }) else { return }
        let place = Place(file: path, subject: "a well-known place")
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(path, limit: byteLimit)
        } catch {
            return inventory.warn(error.clause, at: place)
        }
        let certificates = decoder.verifiableBundle(bytes).certificates
        // Skips a key, a parameter file or an unreadable file. If a configuration names it, its reader has reported it.
        guard let first = certificates.first else { return }
        let role = role(of: first)
        guard role != .ca || certificates.count <= mostAuthorities else {
            return inventory.note("\(counted(certificates.count, "CA")): a trust store of the system's", at: place)
        }
        inventory.register(path, as: role, at: place)
    }

    private static func role(of certificate: VerifiableCertificate) -> Role {
        if certificate.facts.authority == .authority { return .ca }
        guard let usage = certificate.facts.extendedKeyUsage else { return .server }
        return usage.contains(.client) && !usage.contains(.server) ? .client : .server
    }
}
