import Certificates
import CurlBinding
import SourceReading
import TestSupport
import Testing
import TransportSecurity

/// Sources that require a token.
struct TokenSourceTests {
    private let directory: TemporaryDirectory
    private let service: RecordingReceiver
    private let fetcher: URLFetcher

    init() throws {
        directory = try TemporaryDirectory()
        service = try RecordingReceiver()
        fetcher = URLFetcher(loop: try TransferLoop())
        try directory.write("first-token\n", to: "token")
        try directory.write("vault-token\n", to: "header")
    }

    private func source(_ plaintext: PlaintextPolicy = .anywhere) -> URLSource {
        URLSource(
            registration: "ca", url: service.url + "/ca", tls: TLSFiles(), timeout: TimeSpan(seconds: 30),
            bearerTokenFile: SecretFile(path: directory.path(of: "token"), key: "bearer_token_file"),
            headers: [
                SecretHeader(
                    name: "X-Vault-Token", values: [],
                    files: [SecretFile(path: directory.path(of: "header"), key: "http_headers.X-Vault-Token")])
            ], plaintext: plaintext)
    }

    @Test func `tokens and headers from files are sent, and read anew at each fetch`() async throws {
        let pem = try TestPKI.authority("Lab CA").pem
        service.behave { _, request in
            request.headers["authorization"] == "Bearer second-token" ? .answer(200, body: pem) : .answer(401)
        }
        #expect(
            await fetcher.fetch(source(), validator: nil) == .failed(Defect(.readFailed, "it answers HTTP 401")))
        try directory.write("second-token\n", to: "token")
        #expect(await fetcher.fetch(source(), validator: nil) == .content(Array(pem.utf8), validator: nil))
        let headers = try #require(service.requests.last?.headers)
        #expect(headers["x-vault-token"] == "vault-token")
    }

    @Test func `a broken token file is a defect that names it and shows nothing of it`() async throws {
        try directory.write("canary\u{1}canary\n", to: "token")
        let fetched = await fetcher.fetch(source(), validator: nil)
        let path = directory.path(of: "token")
        #expect(
            fetched
                == .failed(
                    Defect(.readFailed, "bearer_token_file \(path) holds a control character in its first line")))
        #expect(service.requests.isEmpty)
    }

    @Test func `http is fetched only where it was allowed`() async throws {
        guard case .failed = await fetcher.fetch(source(.loopbackOnly), validator: nil) else {
            Issue.record("http:// was fetched")
            return
        }
        #expect(service.requests.isEmpty)
    }
}
