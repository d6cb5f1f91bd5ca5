import Certificates

/// What the client showed, judged by our own clock.
package enum ClientCertificateFact: Hashable, Sendable {
    case none
    /// Also when its dates cannot be read.
    case valid
    case expired
    case notYetValid

    /// Judges the certificate with `validity`, which is nil when none is shown.
    package init(_ validity: Validity?, at now: Instant) {
        switch (validity?.notBefore, validity?.expiry) {
        case (_, nil): self = .none
        case (let notBefore?, _) where now < notBefore: self = .notYetValid
        case (_, .at(let notAfter)) where now > notAfter: self = .expired
        default: self = .valid
        }
    }
}
