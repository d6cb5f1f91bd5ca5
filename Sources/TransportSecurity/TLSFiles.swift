/// The files of a TLS client, under the names that Prometheus' `tls_config` gave them. Paths are absolute or relative to
/// the working directory; they are read anew for every connection.
package struct TLSFiles: Hashable, Sendable {
    /// Trust anchors in PEM; nil trusts the system's.
    package let caFile: String?
    /// The client certificate, with its chain, in PEM.
    package let certFile: String?
    package let keyFile: String?
    /// Overrides the URL's host for SNI and verification.
    package let serverName: String?

    package init(
        caFile: String? = nil, certFile: String? = nil, keyFile: String? = nil, serverName: String? = nil
    ) {
        self.caFile = caFile
        self.certFile = certFile
        self.keyFile = keyFile
        self.serverName = serverName
    }
}
