/// The requirements of a service for the CA certificates that are uploaded to it.
package enum AuthorityProfile: String, Hashable, Sendable, Codable, CaseIterable {
    /// CAs for mutual TLS at Cloudflare Access.
    ///
    /// Source: developers.cloudflare.com/ssl/client-certificates/byo-ca, "CA certificate requirements": CA:TRUE, and
    /// SHA-1, SHA-256, SHA-384 or SHA-512 with RSA or ECDSA.
    case cloudflareAccess = "cloudflare-access"
    /// The CA bundle of a trust store of an AWS Application Load Balancer.
    ///
    /// Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html, "Certificate
    /// requirements": X.509v3; RSA of 2048 to 8192 bits, or P-256, P-384, P-521; SHA-256, SHA-384 or SHA-512 with RSA,
    /// RSASSA-PSS or ECDSA.
    case awsTrustStore = "aws-trust-store"
}

extension AuthorityProfile: CustomStringConvertible {
    /// The service's name.
    package var description: String {
        switch self {
        case .cloudflareAccess: "Cloudflare Access"
        case .awsTrustStore: "an AWS trust store"
        }
    }
}
