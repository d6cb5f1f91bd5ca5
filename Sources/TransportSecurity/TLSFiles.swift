/// The files of a TLS client, named as in Prometheus' `tls_config`. Paths are absolute or relative to the working
/// directory.
package struct TLSFiles: Hashable, Sendable {
    /// Trust anchors in PEM. nil for the system's.
    package let caFile: String?
    /// The client certificate with its chain in PEM, or with its key in PKCS #12.
    package let certFile: String?
    /// The private key: a PEM file, or a PKCS #11 URI (`TokenURI`).
    package let keyFile: String?
    /// The first line of this file decrypts the key or the PKCS #12 file.
    package let keyPassphraseFile: String?
    /// Overrides the URL's host for SNI and for the verification of the server's certificate.
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
