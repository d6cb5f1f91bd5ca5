import Certificates
import TransportSecurity

/// A registration whose certificates are fetched over HTTPS: a CA bundle or a revocation list.
package struct URLSource: Hashable, Sendable {
    /// The registration's name.
    package let registration: String
    package let url: String
    package let tls: TLSFiles
    package let timeout: TimeSpan

    package init(registration: String, url: String, tls: TLSFiles, timeout: TimeSpan) {
        self.registration = registration
        self.url = url
        self.tls = tls
        self.timeout = timeout
    }

    package var place: String { url }
}
