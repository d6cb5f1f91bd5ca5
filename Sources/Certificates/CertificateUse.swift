/// One use of a client certificate, as an edge reports it.
package struct CertificateUse: Hashable, Sendable {
    /// How much of the certificate the edge reported.
    package enum Extent: Hashable, Sendable {
        /// The certificate itself, in DER.
        case whole(der: [UInt8])
        /// Subject and notAfter, and possibly issuer and serial number.
        case described(Identity)
    }

    /// What the fingerprint of a described certificate is.
    package enum Identity: Hashable, Sendable {
        /// The SHA-256 of the certificate, by the edge's word.
        case byFingerprint
        /// A digest of what the edge reported, since it did not report the SHA-256 of the certificate.
        case byDescription
    }

    package let certificate: Certificate
    package let extent: Extent
    /// The name of the server that the client connected to; nil if the edge did not report it.
    package let hostname: String?
    package let usedAt: Instant

    package init(certificate: Certificate, extent: Extent, hostname: String? = nil, usedAt: Instant) {
        self.certificate = certificate
        self.extent = extent
        self.hostname = hostname
        self.usedAt = usedAt
    }

    /// Stands in a described certificate for what the edge did not report.
    package static let notReported = "not reported"
}
