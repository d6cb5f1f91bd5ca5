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
        let certFile = section[.certFile]?.certificatePath()
        let keyFile = section[.keyFile]?.keyPlace()
        if keyFile.map(TokenURI.isMeant) == true {
            section[.keyPassphraseFile]?.report("a token's PIN is named in key_file, by pin-source=file:/PATH")
        }
        let isPKCS12 = certFile.map { $0.hasSuffix(".p12") || $0.hasSuffix(".pfx") } == true
        if isPKCS12 {
            section[.keyFile]?.report("the key is in the PKCS #12 file: leave key_file out")
        } else if let certificate = section[.certFile], section[.keyFile] == nil {
            certificate.report("cert_file needs its key_file")
        }
        for key in [Key.keyFile, .keyPassphraseFile] where section[.certFile] == nil {
            section[key]?.report("\(key.rawValue) needs its cert_file")
        }
        let files = TLSFiles(
            caFile: section[.caFile]?.filePath(), certFile: certFile, keyFile: keyFile,
            keyPassphraseFile: section[.keyPassphraseFile]?.filePath(), serverName: section[.serverName]?.hostname())
        cursor.name(.tls(files), files.certFile ?? files.caFile ?? "")
        return files
    }
}

extension Cursor {
    fileprivate func certificatePath() -> String? {
        guard let text = pathText() else { return nil }
        guard !TokenURI.isMeant(by: text) else {
            report("notafter cannot watch a certificate on a token: export it to a file; its key may stay on the token")
            return nil
        }
        return reading.base.absolute(text)
    }

    /// A path, made absolute, or the URI of a key on a token.
    fileprivate func keyPlace() -> String? {
        guard let text = pathText() else { return nil }
        guard TokenURI.isMeant(by: text) else { return reading.base.absolute(text) }
        do throws(TokenURI.Defect) {
            _ = try TokenURI(parsing: text)
            return text
        } catch {
            report(error.rawValue)
            return nil
        }
    }
}
