import Glibc
import TransportSecurity

/// `listen`: an address, or a mapping with more.
enum ListenSection {
    enum Key: String, CaseIterable {
        case address, hosts
        case tokenFile = "token_file"
        case tls
    }

    /// `listen.tls`
    enum TLSKey: String, CaseIterable {
        case certificate, key
        case clientCA = "client_ca"
    }

    /// The longest path of a socket (unix(7)).
    private static let longestSocketPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    static func read(_ cursor: Cursor) -> ListenSettings? {
        switch cursor.kind {
        case .text, .number:
            guard let address = address(cursor) else { return nil }
            let settings = ListenSettings(address: address)
            return isProtected(settings, cursor) ? settings : nil
        case .mapping, .list, .boolean, .nothing, .foreign: break
        }
        guard let section = Section<Key>(cursor) else { return nil }
        let place = section.required(.address)
        let hosts = section[.hosts].map { $0.distinctList { $0.hostname()?.lowercased() } ?? [] } ?? []
        let tokenFile = section[.tokenFile].flatMap(tokenFile)
        let tls = section[.tls].map(tls)
        guard let place, let address = address(place) else { return nil }
        let settings = ListenSettings(
            address: address, hosts: Set(hosts), tokenFile: tokenFile, tls: tls.flatMap(\.self))
        // A value that was reported already is no missing one.
        let hasBadTLS = section[.tls] != nil && settings.tls == nil
        let isReported = hasBadTLS || section[.tokenFile] != nil && tokenFile == nil
        return isReported || isProtected(settings, place) ? settings : nil
    }

    private static func tokenFile(_ cursor: Cursor) -> SecretFile? {
        guard let path = cursor.filePath() else { return nil }
        cursor.name(.secret, path)
        return SecretFile(path: path, key: "listen.token_file")
    }

    private static func tls(_ cursor: Cursor) -> ServerTLSFiles? {
        guard let section = Section<TLSKey>(cursor) else { return nil }
        let certificate = section.required(.certificate)?.filePath()
        let key = section.required(.key)?.filePath()
        let clientCA = section[.clientCA]?.filePath()
        guard let certificate, let key else { return nil }
        let files = ServerTLSFiles(certificate: certificate, key: key, clientCA: clientCA)
        cursor.name(.server(files), certificate)
        return files
    }

    /// Whether the listener is protected from other machines: they need TLS, and a token or a client certificate.
    private static func isProtected(_ settings: ListenSettings, _ cursor: Cursor) -> Bool {
        switch settings.address {
        case .unixSocket:
            guard settings.tls == nil else {
                cursor.report("a socket has no TLS: leave tls out, or listen on an IP address")
                return false
            }
            return true
        case .loopback: return true
        case .network: break
        }
        guard settings.tls != nil else {
            cursor.report(
                """
                \(quoted("\(settings.address)")) can be reached from other machines: add tls with certificate and key, or listen on \
                127.0.0.1, [::1] or a Unix socket (docs/http.md)
                """)
            return false
        }
        guard settings.tokenFile != nil || settings.admitsClientCertificates else {
            cursor.report(
                """
                \(quoted("\(settings.address)")) can be reached from other machines, and any of them could read: add token_file, or \
                client_ca to tls (docs/http.md)
                """)
            return false
        }
        return true
    }

    private static func address(_ cursor: Cursor) -> ListenAddress? {
        guard let text = cursor.scalarText() else { return nil }
        if text.hasPrefix("unix:") { return socket(String(text.dropFirst("unix:".count)), cursor) }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            cursor.report(
                "\(quoted(text)) is not an address such as 127.0.0.1:9793, \"[::1]:9793\" or unix:/run/notafter/http.sock"
            )
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        switch Reach(of: host) {
        case .loopback: return .loopback(host: host, port: Int(port))
        case .network: return .network(host: host, port: Int(port))
        case nil:
            cursor.report(
                """
                \(quoted(text)) has no IP address, and a name can resolve to anything: write 127.0.0.1:\(port) for this \
                machine, or 0.0.0.0:\(port) or "[::]:\(port)" with tls for others
                """)
            return nil
        }
    }

    private static func socket(_ path: String, _ cursor: Cursor) -> ListenAddress? {
        guard path.hasPrefix("/") else {
            cursor.report("the path of a socket must be absolute, as in unix:/run/notafter/http.sock")
            return nil
        }
        guard path.utf8.count <= longestSocketPath else {
            cursor.report("the path of a socket has at most \(longestSocketPath) bytes")
            return nil
        }
        return .unixSocket(path)
    }

    /// From where a numeric address can be reached.
    private enum Reach {
        /// 127.0.0.0/8 or ::1
        case loopback
        case network

        /// nil for anything but a numeric address.
        init?(of host: String) {
            var address = in_addr()
            if inet_pton(AF_INET, host, &address) == 1 {
                self = UInt32(bigEndian: address.s_addr) >> 24 == 127 ? .loopback : .network
                return
            }
            var longAddress = in6_addr()
            guard inet_pton(AF_INET6, host, &longAddress) == 1 else { return nil }
            let isLoopback = withUnsafeBytes(of: longAddress) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
            self = isLoopback ? .loopback : .network
        }
    }
}
