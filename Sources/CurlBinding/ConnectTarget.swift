import CCurl

/// The address of a connection that differs from the transfer's URL, with the URL and header that the request then
/// needs.
struct ConnectTarget {
    /// The URL, with the server name as its host if there is one.
    let url: String
    /// The value of `CURLOPT_CONNECT_TO`. nil when the connection goes to the URL's host.
    let connectTo: String?
    /// The value of the `Host` header that the original URL implies. nil when libcurl's own is correct.
    let hostHeader: String?

    /// Returns nil when the URL, the server name or the address is invalid.
    ///
    /// - Parameters:
    ///   - original: the URL.
    ///   - serverName: replaces the URL's host in SNI and in the verification.
    ///   - address: a numeric address to connect to, in place of the addresses of the host.
    init?(_ original: String, serverName: String?, address: String?) {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        guard
            curl_url_set(parts, CURLUPART_URL, original, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parts),
            let host = Self.part(CURLUPART_HOST, of: parts),
            let port = Self.part(CURLUPART_PORT, of: parts, flags: UInt32(CURLU_DEFAULT_PORT))
        else { return nil }
        let target = address.map { $0.contains(":") ? "[\($0)]" : $0 } ?? host
        guard let serverName else {
            self.url = original
            self.connectTo = address == nil ? nil : "::\(target):\(port)"
            self.hostHeader = nil
            return
        }
        guard
            curl_url_set(parts, CURLUPART_HOST, serverName, 0) == CURLUE_OK,
            let renamed = Self.part(CURLUPART_URL, of: parts)
        else { return nil }
        self.url = renamed
        self.connectTo = "::\(target):\(port)"
        self.hostHeader = port == (scheme == "https" ? "443" : "80") ? host : "\(host):\(port)"
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
