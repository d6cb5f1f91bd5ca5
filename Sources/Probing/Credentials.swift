import Certificates
import OpenSSLBinding

/// What a probe needs of an endpoint's TLS files, parsed.
struct Credentials: Sendable {
    /// nil trusts the system's anchors.
    let trust: TrustStore?
    /// nil shows no certificate.
    let client: Client?

    /// A client certificate with its key, and when it is valid.
    struct Client: Sendable {
        let identity: ClientIdentity
        let validity: Validity
    }
}
