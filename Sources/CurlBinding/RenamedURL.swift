import CCurl

/// A URL whose host is replaced for TLS, and what then has to be said about the connection and the request.
struct RenamedURL {
    /// With the server name for its host.
    let url: String
    /// For `CURLOPT_CONNECT_TO`: where the connection still goes.
    let connectTo: String
    /// For the `Host` header, as the original URL implies it.
    let hostHeader: String

    /// - Returns: nil when either is no URL or no host.
    init?(_ original: String, serverName: String) {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        guard
            curl_url_set(parts, CURLUPART_URL, original, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parts),
            let host = Self.part(CURLUPART_HOST, of: parts),
            let port = Self.part(CURLUPART_PORT, of: parts, flags: UInt32(CURLU_DEFAULT_PORT)),
            curl_url_set(parts, CURLUPART_HOST, serverName, 0) == CURLUE_OK,
            let renamed = Self.part(CURLUPART_URL, of: parts)
        else { return nil }
        self.url = renamed
        self.connectTo = "::\(host):\(port)"
        self.hostHeader = port == (scheme == "https" ? "443" : "80") ? host : "\(host):\(port)"
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
