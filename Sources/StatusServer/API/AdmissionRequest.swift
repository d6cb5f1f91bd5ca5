import Certificates

/// The question whether a client may be let in whose certificate an edge forwards.
package struct AdmissionRequest: Hashable, Sendable {
    /// The name of the header with the certificate.
    package let header: String
    /// The header and those that belong to it, as lines; nil when the request does not have it.
    package let lines: [UInt8]?
    /// The registration with the CAs, lists and expectations.
    package let registration: String

    package init(header: String, lines: [UInt8]?, registration: String) {
        self.header = header
        self.lines = lines
        self.registration = registration
    }
}

/// Whether a client may be let in.
package enum AdmissionAnswer: Hashable, Sendable {
    case accepted(subject: String, fingerprint: Fingerprint)
    /// The reason may quote the certificate.
    case refused(reason: String)
    /// There is no such registration, or it has no CA.
    case unanswerable(reason: String)
}
