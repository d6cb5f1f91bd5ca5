import Certificates
import CurlBinding
import OpenSSLBinding
import TransportSecurity

/// Looks at endpoints with their client certificate, which must be let in, and without it, which must be refused.
package struct Prober: Sendable {
    /// Twice as many connections, which is what the loop performs at once; more would only wait in memory.
    private static let endpointsAtOnce = 512
    /// How long a server may take to judge a certificate after the handshake, if three round trips are shorter.
    private static let listeningMilliseconds = 300

    private let loop: TransferLoop
    private let credentials = CredentialStore()

    package init(loop: TransferLoop) {
        self.loop = loop
    }

    /// Probes all endpoints at once, so that many slow ones take one slow one's time. Reports come in the given order.
    ///
    /// When the task is cancelled, endpoints whose round had not ended have no report: a shutdown must not look like an
    /// outage to those who remember verdicts.
    package func probe(_ endpoints: [Endpoint], at now: Instant) async -> [ProbeReport] {
        await withTaskGroup(of: (Int, ProbeReport).self) { group in
            var waiting = endpoints.enumerated().makeIterator()
            func startNext() {
                guard let (index, endpoint) = waiting.next() else { return }
                group.addTask { (index, await probe(endpoint, at: now)) }
            }
            for _ in 0..<Self.endpointsAtOnce {
                startNext()
            }
            var reports: [(Int, ProbeReport)] = []
            for await report in group {
                reports.append(report)
                startNext()
            }
            return reports.sorted { $0.0 < $1.0 }.map(\.1).filter { $0.verdict != .cancelled }
        }
    }

    /// One round at one endpoint. Failure is data: every report has a verdict.
    package func probe(_ endpoint: Endpoint, at now: Instant) async -> ProbeReport {
        let credentials: Credentials
        do {
            credentials = try await self.credentials.credentials(for: endpoint.tls)
        } catch {
            let result = ProbeResult(outcome: .clientFilesUnusable, message: "\(error)")
            return ProbeReport(
                name: endpoint.name, url: endpoint.url, probedAt: now, positive: result, negative: nil)
        }
        let look = Look(endpoint: endpoint, trust: credentials.trust, loop: loop)
        async let positive = look.take(
            with: credentials.client, admittedBy: endpoint.expectedStatuses, at: now)
        // Whoever gets any success without a certificate has been let in.
        async let negative =
            needsNegative(endpoint, credentials)
            ? look.take(with: nil, admittedBy: endpoint.expectedStatuses.union(200..<300), at: now) : nil
        return Self.report(
            endpoint, at: now, issuers: credentials.client?.identity.issuersDER ?? [], positive: await positive,
            negative: await negative)
    }

    /// Without a certificate to leave out, the two probes would be the same.
    private func needsNegative(_ endpoint: Endpoint, _ credentials: Credentials) -> Bool {
        switch endpoint.withoutClientCertificate {
        case .refused: credentials.client != nil
        case .skip: false
        }
    }

    private static func report(
        _ endpoint: Endpoint, at now: Instant, issuers: [[UInt8]], positive: Look.Finding, negative: Look.Finding?
    ) -> ProbeReport {
        let handshakes = [positive.handshake, negative?.handshake ?? HandshakeRecord()]
        return ProbeReport(
            name: endpoint.name, url: endpoint.url, probedAt: now, positive: positive.result,
            negative: negative?.result,
            presentedChain: handshakes.map(\.presentedChain).first { !$0.isEmpty } ?? [],
            clientCertificateRequested: handshakes.contains { $0.certificateRequested },
            issuerListing: IssuerListing(
                acceptableAuthorities: handshakes.flatMap(\.acceptableAuthorities), issuers: issuers))
    }

    /// A probe with one set of credentials: a request, and where its end hides the reason, a second connection that only
    /// listens.
    private struct Look: Sendable {
        struct Finding: Sendable {
            let result: ProbeResult
            let handshake: HandshakeRecord
        }

        let endpoint: Endpoint
        let trust: TrustStore?
        let loop: TransferLoop

        func take(
            with client: Credentials.Client?, admittedBy statuses: Set<Int>, at now: Instant
        ) async -> Finding {
            let classification = ProbeClassification(
                clientCertificate: ClientCertificateFact(client?.validity, at: now), expectedStatuses: statuses)
            let request = transfer(with: client?.identity)
            var result = await loop.perform(request)
            if classification.hidesItsReason(result) {
                var listening = request
                listening.extent = .listenAfterHandshake(milliseconds: Prober.listeningMilliseconds)
                let heard = await loop.perform(listening)
                if heard.handshake?.alertsReceived.isEmpty == false {
                    result = heard
                }
            }
            return Finding(
                result: ProbeResult(classification.outcome(of: result), of: result),
                handshake: result.handshake ?? HandshakeRecord())
        }

        private func transfer(with identity: ClientIdentity?) -> Transfer {
            let trust = trust
            return Transfer(
                url: endpoint.url,
                headers: [HeaderField("User-Agent", "notafter")],
                connectTimeoutMilliseconds: endpoint.timeoutMilliseconds,
                timeoutMilliseconds: endpoint.timeoutMilliseconds,
                httpVersion: .preferHTTP2,
                trust: trust == nil ? .system : .configured,
                serverName: endpoint.tls.serverName,
                configureTLS: { context in
                    trust?.install(into: context)
                    return identity?.install(into: context) ?? true
                },
                recordsHandshake: true)
        }
    }
}
