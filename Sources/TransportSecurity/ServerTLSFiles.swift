/// The files of a TLS server. Paths are absolute.
package struct ServerTLSFiles: Hashable, Sendable {
    /// The server's certificate in PEM, followed by the CAs that lead to one that its clients know.
    package let certificate: String
    /// The private key in PEM, unencrypted. It may be the same file.
    package let key: String
    /// The CAs of accepted clients in PEM. nil when no client certificate is asked for.
    package let clientCA: String?

    package init(certificate: String, key: String, clientCA: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientCA = clientCA
    }
}
