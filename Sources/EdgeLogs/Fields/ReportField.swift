/// What an edge reports about a request and its client certificate.
enum ReportField: Int, CaseIterable {
    /// The certificate itself, in one of the encodings that `ForwardedCertificate` reads.
    case certificate
    case subject, issuer
    case serialNumber
    case notBefore, notAfter
    /// Both dates: `NotBefore=…;NotAfter=…`.
    case validity
    /// SHA-256 or SHA-1 in hexadecimal.
    case fingerprint
    /// Whether the edge accepted the certificate.
    case verification
    case revoked
    /// Whether the client presented a certificate.
    case presented
    /// The name of the server that the client connected to.
    case hostname
    /// The time of the request or connection.
    case time
}
