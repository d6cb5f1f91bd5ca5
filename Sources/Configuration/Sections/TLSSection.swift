import Probing
import TransportSecurity

/// `tls_config`, with Prometheus' names.
enum TLSSection {
    enum Key: String, CaseIterable {
        case caFile = "ca_file"
        case certFile = "cert_file"
        case keyFile = "key_file"
        case keyPassphraseFile = "key_passphrase_file"
        case serverName = "server_name"
    }

    private static let refusals = [
        "insecure_skip_verify":
            "is refused: a probe that trusts every server proves nothing; name the server's CA in ca_file"
    ]

    static func read(_ cursor: Cursor) -> TLSFiles {
        guard let section = Section<Key>(cursor, refusals: refusals) else { return TLSFiles() }
        let certFile = section[.certFile]?.filePath()
        let isPKCS12 = certFile.map { $0.hasSuffix(".p12") || $0.hasSuffix(".pfx") } == true
        if isPKCS12 {
            section[.keyFile]?.report("the key is in the PKCS #12 file: leave key_file out")
        } else if let certificate = section[.certFile], section[.keyFile] == nil {
            certificate.report("cert_file needs its key_file")
        }
        for key in [Key.keyFile, .keyPassphraseFile] where section[.certFile] == nil {
            section[key]?.report("\(key.rawValue) needs its cert_file")
        }
        return TLSFiles(
            caFile: section[.caFile]?.filePath(), certFile: certFile, keyFile: section[.keyFile]?.filePath(),
            keyPassphraseFile: section[.keyPassphraseFile]?.filePath(), serverName: section[.serverName]?.hostname())
    }
}
