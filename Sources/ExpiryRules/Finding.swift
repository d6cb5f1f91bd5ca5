/// A present problem with a registration that is not a stage.
package struct Finding: Hashable, Sendable {
    /// The closed set of codes. Raw values are part of the JSON contract.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// What was registered cannot be seen any more; what was known of it stays known.
        case lostFromSight = "lost_from_sight"
        /// Something says that it is a certificate and cannot be read as one.
        case unreadableCertificate = "unreadable_certificate"
        /// A file's certificate was replaced by one that expires earlier.
        case wentBackwards = "went_backwards"
        /// The probes of an endpoint do not find what they must.
        case endpointFailing = "endpoint_failing"
        /// An endpoint no longer names the issuer of our client certificate among the CAs that it takes.
        case issuerNotAccepted = "issuer_not_accepted"
        /// An endpoint presents another certificate than the registered file for it holds.
        case servedCertificateDiffers = "served_certificate_differs"
        /// An endpoint's chain lacks an intermediate, or holds one that has expired.
        case servedChainIncomplete = "served_chain_incomplete"
        /// The addresses of an endpoint present different certificates.
        case servedCertificatesDisagree = "served_certificates_disagree"
        /// A client certificate is valid for longer than its CA.
        case clientOutlivesAuthority = "client_outlives_ca"
    }

    /// The registration or endpoint that it is about.
    package let registration: String
    package let code: Code
    /// Where: the path, the pattern, or the endpoint's name. With registration and code, this is the finding's identity.
    package let place: String
    package let severity: Severity
    /// One sentence for a person, with the next step.
    package let message: String

    package init(registration: String, code: Code, place: String, severity: Severity, message: String) {
        self.registration = registration
        self.code = code
        self.place = place
        self.severity = severity
        self.message = message
    }
}
