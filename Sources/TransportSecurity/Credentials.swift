import Certificates
import OpenSSLBinding

/// What a connection needs of its TLS files, parsed.
package struct Credentials: Sendable {
    /// nil trusts the system's anchors.
    package let trust: TrustStore?
    /// What our own reader makes of the anchors in a `ca_file`; empty for the system's.
    package let anchors: CertificateBundle
    /// nil shows no certificate.
    package let client: Client?

    package init(trust: TrustStore?, anchors: CertificateBundle = CertificateBundle(), client: Client?) {
        self.trust = trust
        self.anchors = anchors
        self.client = client
    }

    /// A client certificate with its key, and when it is valid.
    package struct Client: Sendable {
        package let identity: ClientIdentity
        /// nil where our own reader does not take what OpenSSL has taken.
        package let certificate: Certificate?

        /// With open dates where they cannot be read.
        package var validity: Validity { certificate?.validity ?? Validity(notBefore: nil, notAfter: nil) }
    }
}
