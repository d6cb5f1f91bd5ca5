import Certificates
import ExpiryRules
import TransportSecurity

/// A protected URL, how to reach it, what to ask of it and what it should answer.
package struct Endpoint: Hashable, Sendable {
    /// What the negative probe, the one without a client certificate, must find.
    package enum NegativeExpectation: String, Hashable, Sendable, CaseIterable {
        /// The endpoint must refuse it.
        case refused
        /// No negative probe.
        case skip
    }

    package var name: String
    /// With host, port where it is not the scheme's own, and path; see `ProbeTarget` for the schemes.
    package var url: String
    package var tls: TLSFiles
    /// For one probe, from the first packet to the last.
    package var timeoutMilliseconds = 10_000
    /// Numeric addresses to connect to in place of what the host resolves to; each is probed.
    package var addresses: [String] = []
    /// Whether each address that the host resolves to is probed, and not only the first that answers.
    package var probesAllAddresses = false
    /// Whether its probes are made one after the other, since it serves one connection at a time. Without it, that is found
    /// out, round by round.
    package var isSequential = false
    /// `http://HOST:PORT`: the proxy through which it is reached, which resolves the host's name.
    package var proxy: String?
    /// What the proxy asks for.
    package var proxyLogin: BasicLogin?
    package var request = ProbeRequest()
    package var expectation = AnswerExpectation()
    package var refusalMarks = RefusalMarks()
    package var withoutClientCertificate = NegativeExpectation.refused
    /// Certificates that must be refused as well.
    package var wrongClientCertificates: [WrongClientCertificate] = []
    /// A file with the certificate that the server should present.
    package var servedCertificateFile: String?
    package var hysteresis = Hysteresis()
    /// How often the daemon probes it; nil for at every pass.
    package var interval: TimeSpan?

    package init(name: String, url: String, tls: TLSFiles) {
        self.name = name
        self.url = url
        self.tls = tls
    }
}

/// A client certificate that an endpoint must refuse: of another CA, expired, revoked.
package struct WrongClientCertificate: Hashable, Sendable {
    /// What reports call it, such as `expired`.
    package let name: String
    package let certFile: String
    package let keyFile: String

    package init(name: String, certFile: String, keyFile: String) {
        self.name = name
        self.certFile = certFile
        self.keyFile = keyFile
    }
}
