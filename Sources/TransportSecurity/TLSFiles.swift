/// The files of a TLS client, under the names that Prometheus' `tls_config` gave them. Paths are absolute or relative to
/// the working directory; they are read anew for every connection.
package struct TLSFiles: Hashable, Sendable {
    /// Trust anchors in PEM; nil trusts the system's.
    package let caFile: String?
    /// The client certificate, with its chain, in PEM; or with its key in PKCS #12.
    package let certFile: String?
    /// Its private key: a file in PEM, or a PKCS #11 URI (`TokenURI`).
    package let keyFile: String?
    /// Its first line opens the key or the PKCS #12 file.
    package let keyPassphraseFile: String?
    /// Overrides the URL's host for SNI and verification.
    package let serverName: String?

    package init(
        caFile: String? = nil, certFile: String? = nil, keyFile: String? = nil,
        keyPassphraseFile: String? = nil, serverName: String? = nil
    ) {
        self.caFile = caFile
        self.certFile = certFile
        self.keyFile = keyFile
        self.keyPassphraseFile = keyPassphraseFile
        self.serverName = serverName
    }
}
