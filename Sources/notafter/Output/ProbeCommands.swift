import Certificates
import Probing
import TransportSecurity

/// The commands of curl and OpenSSL that reproduce a probe.
struct ProbeCommands {
    let endpoint: Endpoint

    var lines: [String] {
        guard let target = try? ProbeTarget(endpoint) else { return [] }
        return (target.kind.isHTTP ? [curl(target)] : []) + openssl(target)
    }

    private func curl(_ target: ProbeTarget) -> String {
        var words = ["curl", "--verbose", "--no-sessionid", "--noproxy", "*", "--max-time"]
        words.append("\(endpoint.timeoutMilliseconds / 1_000)")
        words += methodWords
        if endpoint.tls.serverName != nil { words += ["--header", "Host: \(target.host.inHeader):\(target.port)"] }
        for header in endpoint.request.headers {
            words += ["--header", "\(header.name): \(Self.isSecret(header.name) ? "..." : header.value)"]
        }
        if let body = endpoint.request.body { words += ["--data-raw", body] }
        if target.kind == .wss {
            words += ["--http1.1", "--header", "Upgrade: websocket", "--header", "Connection: Upgrade"]
            words += [
                "--header", "Sec-WebSocket-Version: 13", "--header", "Sec-WebSocket-Key: bm90YWZ0ZXItcHJvYmVzLg==",
            ]
        }
        if let file = endpoint.tls.caFile { words += ["--cacert", file] }
        if let file = endpoint.tls.certFile { words += ["--cert", file] + (isArchive ? ["--cert-type", "P12"] : []) }
        words += keyWords(file: ["--key"], token: ["--engine", "pkcs11", "--key-type", "ENG", "--key"])
        let host = endpoint.tls.serverName.map(bracketed) ?? target.host.inURL
        if let address = endpoint.addresses.first {
            words += ["--connect-to", "::\(bracketed(address)):\(target.port)"]
        } else if endpoint.tls.serverName != nil {
            words += ["--connect-to", "::\(target.host.inURL):\(target.port)"]
        }
        words.append("https://\(host):\(target.port)\(target.path.isEmpty ? "/" : target.path)")
        let passphrase = endpoint.tls.keyPassphraseFile.map { " --pass \"$(head -n 1 \(Self.quoted($0)))\"" } ?? ""
        return words.map(Self.quoted).joined(separator: " ") + passphrase
    }

    /// The options for the method. curl has an option of its own for HEAD, and uses POST for any request with a body.
    private var methodWords: [String] {
        switch (endpoint.request.method, endpoint.request.body) {
        case ("GET", nil): []
        case ("HEAD", nil): ["--head"]
        case (let method, _): ["--request", method]
        }
    }

    private var isArchive: Bool {
        guard let file = endpoint.tls.certFile?.lowercased(), endpoint.tls.keyFile == nil else { return false }
        return file.hasSuffix(".p12") || file.hasSuffix(".pfx")
    }

    private func openssl(_ target: ProbeTarget) -> [String] {
        let start: [String]
        switch target.kind {
        case .https, .wss, .tls: start = []
        case .smtp, .imap, .pop3, .ftp, .ldap, .mysql: start = ["-starttls", target.kind.rawValue]
        case .postgresql: start = ["-starttls", "postgres"]
        }
        let place = endpoint.addresses.first.map(bracketed) ?? bracketed(target.nameToResolve)
        let common =
            ["openssl", "s_client", "-connect", "\(place):\(target.port)"] + start + [
                "-servername", endpoint.tls.serverName ?? target.host.name, "-showcerts",
            ] + (endpoint.tls.caFile.map { ["-CAfile", $0] } ?? [])
        var shown: [String] = []
        if let file = endpoint.tls.certFile { shown += ["-cert", file] }
        shown += keyWords(file: ["-key"], token: ["-engine", "pkcs11", "-keyform", "engine", "-key"])
        if let file = endpoint.tls.keyPassphraseFile { shown += ["-pass", "file:\(file)"] }
        let line = { (words: [String]) in words.map(Self.quoted).joined(separator: " ") + " </dev/null" }
        return shown.isEmpty ? [line(common)] : [line(common + shown), line(common)]
    }

    /// The options for the private key. For a token the PIN is left out and the tool asks for it, because the engine
    /// would read a PIN file's line feed as part of the PIN.
    private func keyWords(file: [String], token: [String]) -> [String] {
        guard let key = endpoint.tls.keyFile else { return [] }
        guard TokenURI.isMeant(by: key) else { return file + [key] }
        return (try? TokenURI(parsing: key)).map { token + [$0.object] } ?? []
    }

    private func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }

    /// Whether a header's value is likely a secret that must not be printed.
    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["authorization", "cookie", "token", "secret", "key", "password"].contains { name.contains($0) }
    }

    /// For a POSIX shell.
    private static func quoted(_ word: String) -> String {
        let plain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=@%+,".contains($0)) }
        return plain && !word.isEmpty ? word : "'" + word.replacing(scalar: "'", with: "'\\''") + "'"
    }
}
