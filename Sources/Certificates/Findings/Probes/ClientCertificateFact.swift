/// The state of the client certificate in a handshake, by our own clock.
package enum ClientCertificateFact: String, Hashable, Sendable, Codable, CaseIterable {
    case none
    /// Also for a certificate whose dates cannot be read.
    case valid
    case expired
    case notYetValid = "not_yet_valid"

    /// Classifies the certificate with `validity`. nil means that no certificate is sent.
    package init(_ validity: Validity?, at now: Instant) {
        switch (validity?.notBefore, validity?.expiry) {
        case (_, nil): self = .none
        case (let notBefore?, _) where now < notBefore: self = .notYetValid
        case (_, .at(let notAfter)) where now > notAfter: self = .expired
        default: self = .valid
        }
    }
}
