import Certificates
import OpenSSLBinding

/// What a connection needs of its TLS files, parsed.
package struct Credentials: Sendable {
    /// nil trusts the system's anchors.
    package let trust: TrustStore?
    /// nil shows no certificate.
    package let client: Client?

    package init(trust: TrustStore?, client: Client?) {
        self.trust = trust
        self.client = client
    }

    /// A client certificate with its key, and when it is valid.
    package struct Client: Sendable {
        package let identity: ClientIdentity
        package let validity: Validity
    }
}
