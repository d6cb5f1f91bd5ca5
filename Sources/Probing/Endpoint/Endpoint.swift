import Certificates
import ExpiryRules
import TransportSecurity

/// A URL that client certificates protect, with its connection, its request and the expected response.
package struct Endpoint: Hashable, Sendable {
    /// The expected result of the negative probe, which sends no client certificate.
    package enum NegativeExpectation: String, Hashable, Sendable, CaseIterable {
        /// The endpoint must refuse it.
        case refused
        /// No negative probe.
        case skip
    }

    package var name: String
    /// With host, path, and a port other than the scheme's default. `ProbeTarget` lists the schemes.
    package var url: String
    package var tls: TLSFiles
    /// The time limit of one probe, from the first packet to the last.
    package var timeoutMilliseconds = 10_000
    /// Numeric addresses to connect to, in place of those of the host. Each one is probed.
    package var addresses: [String] = []
    /// Whether each address of the host is probed, not only the first that answers.
    package var probesAllAddresses = false
    /// Whether the endpoint serves only one connection at a time, so that its probes must be sequential. If false,
    /// `ProbePace` still detects such endpoints.
    package var isSequential = false
    /// `http://HOST:PORT` of the proxy, which then resolves the host's name.
    package var proxy: String?
    /// The credentials for the proxy.
    package var proxyLogin: BasicLogin?
    package var request = ProbeRequest()
    package var expectation = AnswerExpectation()
    package var refusalMarks = RefusalMarks()
    package var withoutClientCertificate = NegativeExpectation.refused
    /// Certificates that the endpoint must refuse as well.
    package var wrongClientCertificates: [WrongClientCertificate] = []
    /// A file with the certificate that the server should present.
    package var servedCertificateFile: String?
    package var hysteresis = Hysteresis()
    /// The interval of the daemon's probes. nil to probe in each pass.
    package var interval: TimeSpan?

    package init(name: String, url: String, tls: TLSFiles) {
        self.name = name
        self.url = url
        self.tls = tls
    }
}

extension Endpoint {
    /// Its identity in the ledger as a source of the certificates that it presents.
    package var key: SourceKey { SourceKey(kind: .endpoint, registration: name, place: url) }
}

/// A client certificate that an endpoint must refuse: from another CA, expired or revoked.
package struct WrongClientCertificate: Hashable, Sendable {
    /// The name in reports, such as `expired`.
    package let name: String
    package let certFile: String
    package let keyFile: String

    package init(name: String, certFile: String, keyFile: String) {
        self.name = name
        self.certFile = certFile
        self.keyFile = keyFile
    }
}
