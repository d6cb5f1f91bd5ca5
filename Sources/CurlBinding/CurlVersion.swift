import CCurl

/// The libcurl that runs, which may be newer than the one at build time.
package struct CurlVersion: Sendable {
    /// `7.88.1`
    package let text: String
    /// `OpenSSL/3.0.17`; nil without TLS.
    package let tls: String?
    package let hasHTTP2: Bool

    package init() {
        let info = curl_version_info(CURLVERSION_FIRST)?.pointee
        text = info?.version.map { String(cString: $0) } ?? "unknown"
        tls = info?.ssl_version.map { String(cString: $0) }
        hasHTTP2 = (info?.features ?? 0) & Self.http2 != 0
    }

    /// `CURL_VERSION_HTTP2`, whose macro Swift does not import.
    private static let http2: Int32 = 1 << 16
}
