import TransportSecurity

/// A protected URL, how to reach it and what it should answer.
package struct Endpoint: Hashable, Sendable {
    /// What the negative probe, the one without a client certificate, must find.
    package enum NegativeExpectation: String, Hashable, Sendable, CaseIterable {
        /// The endpoint must refuse it.
        case refused
        /// No negative probe.
        case skip
    }

    package let name: String
    /// `https://` with host, port and path.
    package let url: String
    package let tls: TLSFiles
    package let timeoutMilliseconds: Int
    /// The statuses that mean "let in".
    package let expectedStatuses: Set<Int>
    package let withoutClientCertificate: NegativeExpectation

    package init(
        name: String, url: String, tls: TLSFiles, timeoutMilliseconds: Int = 10_000,
        expectedStatuses: Set<Int> = [200], withoutClientCertificate: NegativeExpectation = .refused
    ) {
        self.name = name
        self.url = url
        self.tls = tls
        self.timeoutMilliseconds = timeoutMilliseconds
        self.expectedStatuses = expectedStatuses
        self.withoutClientCertificate = withoutClientCertificate
    }
}
