import Certificates
import CurlBinding
import SourceReading
import TestSupport
import Testing
import TransportSecurity

/// Tests with a real nginx that serves a file to clients with a certificate.
struct URLFetcherTests {
    private let authority: TestAuthority
    private let directory: TemporaryDirectory
    private let bundle: String
    private let nginx: NginxServer
    private let fetcher: URLFetcher

    init() async throws {
        authority = try TestPKI.authority("Lab CA")
        directory = try TemporaryDirectory()
        bundle = authority.pem
        try directory.write(bundle, to: "www/ca.pem")
        let server = try authority.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        let client = try authority.issue(.client, commonName: "notafter")
        try directory.write(authority.pem, to: "ca.pem")
        try directory.write(client.pem, to: "client.pem")
        try directory.write(client.keyPEM, to: "client.key")
        var settings = NginxServer.Settings()
        settings.directives = "location / { root \(directory.path(of: "www")); }"
        nginx = try await NginxServer(certificate: server, clientAuthority: authority, settings: settings)
        fetcher = URLFetcher(loop: try TransferLoop())
    }

    private func source(_ path: String = "/ca.pem", withClient: Bool = true) -> URLSource {
        URLSource(
            registration: "ca", url: nginx.url(path),
            tls: TLSFiles(
                caFile: directory.path(of: "ca.pem"),
                certFile: withClient ? directory.path(of: "client.pem") : nil,
                keyFile: withClient ? directory.path(of: "client.key") : nil),
            timeout: TimeSpan(seconds: 30))
    }

    @Test func `what has not changed is not fetched again`() async throws {
        guard case .content(let bytes, let validator?) = await fetcher.fetch(source(), validator: nil) else {
            Issue.record("no content with an ETag")
            return
        }
        #expect(bytes == Array(bundle.utf8))
        #expect(await fetcher.fetch(source(), validator: validator) == .unchanged)
        try directory.write(bundle + bundle, to: "www/ca.pem")
        let changed = await fetcher.fetch(source(), validator: validator)
        guard case .content(let new, _) = changed else {
            Issue.record("\(changed)")
            return
        }
        #expect(new == Array((bundle + bundle).utf8))
    }

    @Test func `what cannot be fetched is a defect that says why`() async throws {
        #expect(
            await fetcher.fetch(source("/absent.pem"), validator: nil)
                == .failed(Defect(.notFound, "it answers HTTP 404")))
        #expect(
            await fetcher.fetch(source(withClient: false), validator: nil)
                == .failed(Defect(.readFailed, "it answers HTTP 400")))
    }
}
