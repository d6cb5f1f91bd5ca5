import Certificates
import OpenSSLBinding

/// The parsed TLS files of a connection.
package struct Credentials: Sendable {
    /// nil for the system's trust anchors.
    package let trust: TrustStore?
    /// The anchors of `ca_file` as our own decoder reads them. Empty for the system's anchors.
    package let anchors: CertificateBundle
    /// nil when no client certificate is sent.
    package let client: Client?

    package init(trust: TrustStore?, anchors: CertificateBundle = CertificateBundle(), client: Client?) {
        self.trust = trust
        self.anchors = anchors
        self.client = client
    }

    /// A client certificate with its key, and when it is valid.
    package struct Client: Sendable {
        package let identity: ClientIdentity
        /// nil when OpenSSL accepts the certificate and our own decoder does not.
        package let certificate: Certificate?

        /// Without dates when the certificate could not be decoded.
        package var validity: Validity { certificate?.validity ?? Validity(notBefore: nil, notAfter: nil) }
    }
}
