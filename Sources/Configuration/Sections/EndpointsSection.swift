import Certificates
import Probing
import TransportSecurity

/// The entries of `endpoints`: what is probed.
struct EndpointsSection {
    enum Key: String, CaseIterable {
        case name, url
        case tlsConfig = "tls_config"
        case timeout, expect
        case withoutClientCertificate = "without_client_certificate"
    }

    enum ExpectKey: String, CaseIterable {
        case status
    }

    private static let timeouts = TimeSpan(seconds: 1)...TimeSpan(seconds: 600)
    private static let defaultTimeout = TimeSpan(seconds: 10)

    private(set) var endpoints: [Endpoint] = []

    init(reading entries: [Cursor], names: inout NameRegister) {
        for entry in entries {
            guard let section = Section<Key>(entry) else { continue }
            let name = names.take(section.required(.name))
            let url = section.required(.url)?.httpsURL()
            let tls = section[.tlsConfig].map(TLSSection.read) ?? TLSFiles()
            let timeout = section[.timeout]?.span(within: Self.timeouts) ?? Self.defaultTimeout
            let expected = section[.expect].flatMap(Self.statuses) ?? [200]
            let negative = Self.negativeExpectation(section, tls: tls)
            guard let name, let url else { continue }
            endpoints.append(
                Endpoint(
                    name: name, url: url, tls: tls, timeoutMilliseconds: Int(timeout.seconds) * 1_000,
                    expectedStatuses: Set(expected), withoutClientCertificate: negative))
        }
    }

    private static func statuses(_ cursor: Cursor) -> [Int]? {
        Section<ExpectKey>(cursor)?[.status]?.distinctList { $0.httpStatus() }
    }

    /// A refusal is proven only beside a probe that was let in with a certificate, so that without one there is nothing to
    /// expect.
    private static func negativeExpectation(
        _ section: Section<Key>, tls: TLSFiles
    ) -> Endpoint.NegativeExpectation {
        let hasCertificate = tls.certFile != nil
        guard let cursor = section[.withoutClientCertificate] else { return hasCertificate ? .refused : .skip }
        let expectation = cursor.choice(of: Endpoint.NegativeExpectation.allCases)
        if expectation == .refused, !hasCertificate {
            cursor.report("a refusal proves something only beside a client certificate: set tls_config.cert_file")
        }
        return expectation ?? .skip
    }
}

extension Cursor {
    /// An https URL.
    func httpsURL() -> String? {
        guard let text = text() else { return nil }
        do throws(WebAddress.Defect) {
            guard try WebAddress(parsing: text).scheme == .https else { throw .scheme }
            return text
        } catch {
            report(error.rawValue)
            return nil
        }
    }

    /// A final status (RFC 9110 15), or an informational one for completeness.
    fileprivate func httpStatus() -> Int? {
        guard let text = scalarText() else { return nil }
        guard kind == .number, let status = Int(text), (100...599).contains(status) else {
            report("\(quoted(text)) is not an HTTP status (100 to 599)")
            return nil
        }
        return status
    }
}
