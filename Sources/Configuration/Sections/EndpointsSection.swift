import Certificates
import ExpiryRules
import Probing
import TransportSecurity

/// The entries of `endpoints`.
struct EndpointsSection {
    enum Key: String, CaseIterable {
        case name, url
        case tlsConfig = "tls_config"
        case resolve
        case allAddresses = "all_addresses"
        case sequential, proxy
        case proxyBasicAuth = "proxy_basic_auth"
        case timeout, interval, request, expect, refusal
        case withoutClientCertificate = "without_client_certificate"
        case wrongClientCertificates = "wrong_client_certificates"
        case servedCertificateFile = "served_certificate_file"
        case failuresBeforeAlert = "failures_before_alert"
        case successesBeforeResolve = "successes_before_resolve"
        case thresholds
        case repeatEvery = "repeat_every"
    }

    private static let timeouts = TimeSpan(seconds: 1)...TimeSpan(seconds: 600)
    private static let intervals = TimeSpan(seconds: 1)...TimeSpan.days(1)
    private static let rounds = 1...100

    private(set) var endpoints: [Endpoint] = []
    /// The thresholds and reminders that entries set for the presented chains and client certificates, by endpoint.
    private(set) var times: [String: AlertTimes] = [:]

    init(reading entries: [Cursor], names: inout NameRegister) {
        for entry in entries {
            guard let section = Section<Key>(entry) else { continue }
            let name = names.take(section.required(.name))
            let url = section.required(.url)?.probeURL()
            let tls = section[.tlsConfig].map(TLSSection.read) ?? TLSFiles()
            let endpoint = Self.endpoint(section, name: name ?? "", target: url, tls: tls)
            let times = AlertTimesSection.read(section)
            if let name { self.times[name] = times }
            if name != nil, url != nil { endpoints.append(endpoint) }
        }
    }

    private static func endpoint(
        _ section: Section<Key>, name: String, target: (url: String, kind: ProbeProtocol)?, tls: TLSFiles
    ) -> Endpoint {
        let kind = target?.kind ?? .https
        var endpoint = Endpoint(name: name, url: target?.url ?? "", tls: tls)
        readConnection(section, into: &endpoint)
        readProxy(section, kind: kind, into: &endpoint)
        if let request = section[.request] {
            if kind.isHTTP {
                endpoint.request = RequestSection.read(request, kind: kind)
            } else {
                request.report("belongs to https:// and wss:// alone")
            }
        }
        endpoint.expectation = ExpectSection.read(section[.expect], kind: kind)
        endpoint.refusalMarks = section[.refusal].map { RefusalSection.read($0, kind: kind) } ?? RefusalMarks()
        endpoint.withoutClientCertificate = negativeExpectation(section, tls: tls)
        endpoint.wrongClientCertificates = wrongCertificates(section, tls: tls)
        endpoint.servedCertificateFile = section[.servedCertificateFile]?.filePath()
        endpoint.hysteresis = Hysteresis(
            failuresBeforeAlert: section[.failuresBeforeAlert]?.integer(within: rounds)
                ?? Hysteresis().failuresBeforeAlert,
            successesBeforeResolve: section[.successesBeforeResolve]?.integer(within: rounds)
                ?? Hysteresis().successesBeforeResolve)
        return endpoint
    }

    private static func readConnection(_ section: Section<Key>, into endpoint: inout Endpoint) {
        if let timeout = section[.timeout]?.span(within: timeouts) {
            endpoint.timeoutMilliseconds = Int(timeout.seconds) * 1_000
        }
        endpoint.interval = section[.interval]?.span(within: intervals)
        endpoint.addresses = section[.resolve]?.distinctList { $0.numericAddress() } ?? []
        endpoint.isSequential = section[.sequential]?.flag() ?? false
        endpoint.probesAllAddresses = section[.allAddresses]?.flag() ?? false
        if endpoint.probesAllAddresses, !endpoint.addresses.isEmpty {
            section[.allAddresses]?.report("asks DNS, and resolve already says what it would answer: leave one out")
        }
    }

    private static func readProxy(_ section: Section<Key>, kind: ProbeProtocol, into endpoint: inout Endpoint) {
        endpoint.proxy = section[.proxy]?.proxy()
        endpoint.proxyLogin = section[.proxyBasicAuth].flatMap(BasicAuthSection.read)
        if !kind.takesProxy {
            section[.proxy]?.report("belongs to https://, wss:// and tls:// alone")
        }
        for key in [Key.resolve, .allAddresses] where section[.proxy] != nil {
            section[key]?.report("has no effect through a proxy, which resolves the names")
        }
        if section[.proxy] == nil {
            section[.proxyBasicAuth]?.report("belongs to a proxy, and there is none")
        }
    }

    /// The expectation of the probe without a certificate. A refusal is proven only beside a probe that was admitted
    /// with a certificate, so the default without a client certificate is `skip`.
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

    private static func wrongCertificates(_ section: Section<Key>, tls: TLSFiles) -> [WrongClientCertificate] {
        guard let cursor = section[.wrongClientCertificates] else { return [] }
        if tls.certFile == nil {
            cursor.report("a refusal proves something only beside a client certificate: set tls_config.cert_file")
        }
        var names = NameRegister()
        return (cursor.filledList() ?? []).compactMap { WrongCertificateSection.read($0, names: &names) }
    }
}

/// An entry of `wrong_client_certificates`.
enum WrongCertificateSection {
    enum Key: String, CaseIterable {
        case name
        case certFile = "cert_file"
        case keyFile = "key_file"
    }

    static func read(_ cursor: Cursor, names: inout NameRegister) -> WrongClientCertificate? {
        guard let section = Section<Key>(cursor) else { return nil }
        let name = names.take(section.required(.name))
        let certFile = section.required(.certFile)?.filePath()
        let keyFile = section.required(.keyFile)?.filePath()
        guard let name, let certFile, let keyFile else { return nil }
        return WrongClientCertificate(name: name, certFile: certFile, keyFile: keyFile)
    }
}
