import Glibc
import TransportSecurity

/// `listen`: an address, or a mapping with more.
enum ListenSection {
    enum Key: String, CaseIterable {
        case address, hosts
        case tokenFile = "token_file"
    }

    /// The longest path of a socket (unix(7)).
    private static let longestSocketPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    static func read(_ cursor: Cursor) -> ListenSettings? {
        switch cursor.kind {
        case .text, .number: return address(cursor).map { ListenSettings(address: $0) }
        case .mapping, .list, .boolean, .nothing, .foreign: break
        }
        guard let section = Section<Key>(cursor) else { return nil }
        let address = section.required(.address).flatMap(address)
        let hosts = section[.hosts].map { $0.distinctList { $0.hostname()?.lowercased() } ?? [] } ?? []
        let tokenFile = section[.tokenFile].flatMap(tokenFile)
        return address.map { ListenSettings(address: $0, hosts: Set(hosts), tokenFile: tokenFile) }
    }

    private static func tokenFile(_ cursor: Cursor) -> SecretFile? {
        guard let path = cursor.filePath() else { return nil }
        cursor.name(.secret, path)
        return SecretFile(path: path, key: "listen.token_file")
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
        guard isLoopback(host) else {
            cursor.report(
                """
                \(quoted(text)) can be reached from other machines, and this version serves without TLS: listen on 127.0.0.1, \
                [::1] or a Unix socket, and let a reverse proxy with TLS forward to it (docs/http.md)
                """)
            return nil
        }
        return .loopback(host: host, port: Int(port))
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

    /// Whether `host` is numeric and in 127.0.0.0/8 or ::1. A name can resolve to anything.
    private static func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        var longAddress = in6_addr()
        guard inet_pton(AF_INET6, host, &longAddress) == 1 else { return false }
        return withUnsafeBytes(of: longAddress) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
}
