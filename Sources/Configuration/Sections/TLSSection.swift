import Probing
import TransportSecurity

/// `tls_config`, with Prometheus' names.
enum TLSSection {
    enum Key: String, CaseIterable {
        case caFile = "ca_file"
        case certFile = "cert_file"
        case keyFile = "key_file"
        case serverName = "server_name"
    }

    private static let refusals = [
        "insecure_skip_verify":
            "is refused: a probe that trusts every server proves nothing; name the server's CA in ca_file"
    ]

    static func read(_ cursor: Cursor) -> TLSFiles {
        guard let section = Section<Key>(cursor, refusals: refusals) else { return TLSFiles() }
        if let certificate = section[.certFile], section[.keyFile] == nil {
            certificate.report("cert_file needs its key_file")
        }
        if let key = section[.keyFile], section[.certFile] == nil {
            key.report("key_file needs its cert_file")
        }
        return TLSFiles(
            caFile: section[.caFile]?.filePath(), certFile: section[.certFile]?.filePath(),
            keyFile: section[.keyFile]?.filePath(), serverName: section[.serverName]?.hostname())
    }
}
