import Certificates
import CurlBinding
import Delivery
import LedgerStorage
import TestSupport
import Testing
import TransportSecurity

/// A receiver that requires a client certificate and refuses ours.
@Suite(.serialized) struct `Refusals of our client certificate by a receiver` {
    private let lab: ReceiverLab
    private let authority: TestAuthority
    private let server: IssuedCertificate

    init() throws {
        lab = try ReceiverLab()
        authority = try TestPKI.authority("Receiver CA")
        server = try authority.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        try lab.directory.write(authority.pem, to: "ca.pem")
        try write(
            authority.issue(.client, commonName: "old", notAfter: Instant(seconds: 1_609_459_200)), as: "expired")
        try write(TestPKI.authority("Foreign CA").issue(.client, commonName: "foreign"), as: "foreign")
        try write(authority.issue(.client, commonName: "good"), as: "good")
    }

    private func write(_ certificate: IssuedCertificate, as name: String) throws {
        try lab.directory.write(certificate.pem, to: "\(name).pem")
        try lab.directory.write(certificate.keyPEM, to: "\(name).key")
    }

    private func verdict(of url: String, showing client: String?) async throws -> AttemptResult {
        let path = lab.directory.path(of:)
        let files = TLSFiles(
            caFile: path("ca.pem"), certFile: client.map { path("\($0).pem") },
            keyFile: client.map { path("\($0).key") })
        let receiver = try lab.receiver(.webhook, at: url, further: ["tls_config": .tls(files)])
        return try await lab.send(receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
    }

    @Test(
        arguments: OpenSSLServer.Version.allCases,
        [
            ("expired", "TLS alert certificate_expired (45)", "The client certificate has expired: renew it."),
            ("foreign", "TLS alert unknown_ca (48)", "The server does not know the CA of the client certificate"),
        ])
    func `is named by its alert, with file and date, each time alike`(
        version: OpenSSLServer.Version, row: (client: String, alert: String, reason: String)
    ) async throws {
        let endpoint = try OpenSSLServer(certificate: server, clientAuthority: authority, version: version)
        for _ in 0..<20 {
            let verdict = try await verdict(of: endpoint.url, showing: row.client)
            #expect(verdict.detail.contains(row.alert), "\(verdict.detail)")
            #expect(verdict.detail.contains(row.reason), "\(verdict.detail)")
            #expect(verdict.detail.contains("\(row.client).pem, notAfter "), "\(verdict.detail)")
            #expect(verdict.outcome != .delivered)
            #expect(!verdict.detail.contains("getpeername"))
        }
    }

    @Test func `is named also where its alert is lost behind a reset`() async throws {
        let lossy = try ScriptedServer(.lossyTLS(certificate: server, clientAuthority: authority))
        let verdict = try await verdict(of: "https://localhost:\(lossy.port)/", showing: "expired")
        #expect(verdict.detail.contains("TLS alert certificate_expired (45)"), "\(verdict.detail)")
        withExtendedLifetime(lossy) {}
    }

    @Test func `says what to set where none is configured`() async throws {
        let endpoint = try OpenSSLServer(certificate: server, clientAuthority: authority, version: .tls13)
        let verdict = try await verdict(of: endpoint.url, showing: nil)
        #expect(verdict.detail.contains("TLS alert certificate_required (116)"), "\(verdict.detail)")
        #expect(verdict.detail.contains("Set tls_config.cert_file and key_file."), "\(verdict.detail)")
        #expect(verdict.outcome == .notSent)
    }

    @Test func `is none for a good certificate`() async throws {
        let endpoint = try GoServer(
            .requiring, version: .tls13, certificate: server, clientAuthority: authority)
        #expect(try await verdict(of: endpoint.url(), showing: "good").outcome == .delivered)
    }
}
