import Certificates
import CurlBinding
import Foundation
import Probing
import TestSupport
import Testing

@Suite struct `Expectations of an answer` {
    private let fixture: ProbeFixture

    init() throws {
        fixture = try ProbeFixture()
    }

    private func nginx(_ directives: String, protocols: String = "TLSv1.2 TLSv1.3") async throws -> NginxServer {
        var settings = NginxServer.Settings()
        settings.directives = directives
        settings.protocols = protocols
        return try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
    }

    private func endpoint(_ url: String, _ change: (inout AnswerExpectation) -> Void) -> Endpoint {
        var endpoint = fixture.endpoint(url)
        change(&endpoint.expectation)
        return endpoint
    }

    private func unmet(_ url: String, _ change: (inout AnswerExpectation) -> Void) async -> String? {
        let report = await fixture.probe(endpoint(url, change))
        guard report.worst.positive.outcome != .accepted else { return nil }
        #expect(report.verdict == .unexpectedAnswer)
        #expect(report.worst.positive.outcome == .unmetExpectation)
        return report.worst.positive.message
    }

    @Test func `an endpoint that echoes the fingerprint proves which certificate arrived`() async throws {
        let server = try await nginx(
            #"location / { add_header X-Client $ssl_client_serial; return 200 "you are $ssl_client_fingerprint\n"; }"#)
        #expect(await unmet(server.url()) { $0.bodyTexts = ["you are {{client.fingerprint_sha1}}"] } == nil)
        let other = await fixture.probe(
            endpoint(server.url()) { $0.bodyTexts = ["you are {{client.fingerprint_sha256}}"] })
        let fingerprint = try #require(other.clientCertificate?.fingerprint)
        let message = try #require(other.worst.positive.message)
        #expect(message.hasPrefix("the body does not contain \"you are \(fingerprint)\"; it is \"you are "))
        #expect(await unmet(server.url()) { $0.headers = [.init(name: "x-client", value: "42")] } == nil)
        #expect(await unmet(server.url()) { $0.headers = [.init(name: "x-client", value: nil)] } == nil)
        #expect(
            await unmet(server.url()) { $0.headers = [.init(name: "X-Client", value: "43")] }
                == #"the header X-Client is not "43" but "42""#)
        #expect(
            await unmet(server.url()) { $0.headers = [.init(name: "X-Other", value: nil)] }
                == "the header X-Other is missing")
        #expect(
            await unmet(server.url()) { $0.headers = [.init(name: "X-Other", value: "{{client.serial_number}}")] }
                == #"the header X-Other is not "42" but missing"#)
    }

    @Test func `issuer, serial number and dates are filled in as edges write them`() async throws {
        let server = try await nginx(
            #"""
            location / {
                add_header X-Serial $ssl_client_serial;
                add_header X-Issuer $ssl_client_i_dn;
                add_header X-Start $ssl_client_v_start;
                add_header X-End $ssl_client_v_end;
                return 200;
            }
            """#)
        let wanted = [
            ("X-Serial", "{{client.serial_number_upper}}"), ("X-Issuer", "{{client.issuer}}"),
            ("X-Start", "{{client.not_before_openssl}}"), ("X-End", "{{client.not_after_openssl}}"),
        ]
        let report = await fixture.probe(
            endpoint(server.url()) { $0.headers = wanted.map { .init(name: $0.0, value: $0.1) } })
        #expect(report.verdict == .enforced, "\(report.evidence)")
        let dates = await unmet(server.url()) {
            $0.bodyTexts = ["{{client.not_before}} {{client.not_after}} {{client.serial_number}}"]
        }
        let validity = (TestPKI.defaultNotBefore, TestPKI.defaultNotAfter)
        #expect(dates == "the body does not contain \"\(validity.0) \(validity.1) 42\"; it is empty")
    }

    @Test func `a status that was not expected is told with the one that was, and where it leads`() async throws {
        let server = try await nginx("location / { return 302 https://login.example/; }")
        let report = await fixture.probe(fixture.endpoint(server.url()))
        #expect(
            report.worst.positive.message == "it answered HTTP 302 and not 200, and redirects to https://login.example/"
        )
    }

    @Test func `an expectation hides no open door`() async throws {
        var settings = NginxServer.Settings()
        settings.verification = .off
        let open = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        settings.verification = .optional
        let optional = try await NginxServer(
            certificate: fixture.server, clientAuthority: fixture.authority, settings: settings)
        let report = await fixture.probe(endpoint(open.url()) { $0.bodyTexts = ["another body"] })
        #expect(report.verdict == .notEnforced)
        #expect(report.worst.positive.outcome == .unmetExpectation)
        #expect(report.evidence.contains("another body"))
        #expect(await fixture.probe(endpoint(optional.url()) { $0.statuses = [204] }).verdict == .optional)
    }

    @Test func `what AWS forwards is compared byte by byte`() async throws {
        // Passthrough: nginx's variable for the escaped certificate escapes more than AWS does.
        let server = try await nginx(#"location / { return 200 "$http_x_echo"; }"#)
        let pem = try fixture.directory.read("good.pem").trimmingCharacters(in: .newlines)
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "+=/-._")
        let encoded = try #require(pem.addingPercentEncoding(withAllowedCharacters: allowed))
        var endpoint = endpoint(server.url()) { $0.bodyTexts = ["{{client.pem_percent_encoded}}"] }
        endpoint.request.headers = [HeaderField("X-Echo", encoded)]
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        endpoint.request.headers = [HeaderField("X-Echo", encoded.replacingOccurrences(of: "+", with: " "))]
        #expect(await fixture.probe(endpoint).verdict == (encoded.contains("+") ? .unexpectedAnswer : .enforced))
    }

    @Test func `cookie, JSON and patterns are looked for`() async throws {
        let server = try await nginx(
            #"""
            location / {
                add_header Set-Cookie "CF_Authorization=abc; Secure";
                default_type application/json;
                return 200 '{"status":"ok","checks":[{"up":true,"count":3}]}';
            }
            """#)
        #expect(await unmet(server.url()) { $0.cookies = ["CF_Authorization"] } == nil)
        #expect(await unmet(server.url()) { $0.cookies = ["CF"] } == "the cookie CF is not set")
        func json(_ path: String, _ value: String) async throws -> String? {
            let path = try #require(JSONPath(parsing: path))
            return await unmet(server.url()) { $0.jsonValues = [.init(path: path, value: value)] }
        }
        #expect(try await json("status", "ok") == nil)
        #expect(try await json("$.checks[0].up", "true") == nil)
        #expect(try await json("checks[0].count", "3") == nil)
        #expect(try await json("checks[1].up", "true") == #"checks[1].up in the body is not "true" but missing"#)
        #expect(try await json("checks", "true") == #"checks in the body is not "true" but missing"#)
        #expect(try await json("status", "well") == #"status in the body is not "well" but "ok""#)
        #expect(await unmet(server.url()) { $0.bodyPatterns = [#""count":\d+"#] } == nil)
        #expect(
            await unmet(server.url()) { $0.bodyPatterns = ["^ok$"] }
                == #"the body does not match /^ok$/; it is "{"status":"ok","checks":[{"up":true,"count":3}]}""#)
    }

    @Test func `versions and times are bounds`() async throws {
        let server = try await nginx("location / { return 200; }", protocols: "TLSv1.2")
        #expect(await unmet(server.url()) { $0.httpVersion = .http2 } == nil)
        #expect(await unmet(server.url()) { $0.httpVersion = .http1 } == nil)
        #expect(await unmet(server.url()) { $0.tlsFloor = .tls12 } == nil)
        #expect(await unmet(server.url()) { $0.tlsFloor = .tls13 } == "it spoke TLSv1.2 and not TLS 1.3")
        let plain = try OpenSSLServer(
            certificate: fixture.server, clientAuthority: fixture.authority, version: .tls13)
        #expect(await unmet(plain.url) { $0.httpVersion = .http2 }?.contains("and not HTTP/2") == true)
        let said = await unmet(server.url()) { $0.responseTimeMilliseconds = -1 }
        #expect(said?.hasSuffix("ms, more than -1 ms") == true)
    }

    @Test func `method, headers and body reach the server`() async throws {
        let server = try await nginx(
            #"location / { return 200 "$request_method $http_x_probe $http_user_agent $content_length"; }"#)
        var endpoint = endpoint(server.url()) { $0.bodyTexts = ["PUT yes notafter 5"] }
        endpoint.request.method = "PUT"
        endpoint.request.headers = [HeaderField("X-Probe", "yes")]
        endpoint.request.body = "hello"
        #expect(await fixture.probe(endpoint).verdict == .enforced)
        endpoint.request = ProbeRequest()
        endpoint.request.method = "HEAD"
        endpoint.expectation = AnswerExpectation()
        #expect(await fixture.probe(endpoint).verdict == .enforced)
    }

    @Test func `marks of refusal come first`() async throws {
        let server = try await nginx(
            #"""
            error_page 495 496 =200 @refused;
            location / { return 200 "let in"; }
            location @refused { return 200 "Zugang verweigert"; }
            """#)
        var endpoint = fixture.endpoint(server.url())
        #expect(await fixture.probe(endpoint).verdict == .optional)
        endpoint.refusalMarks.bodyTexts = ["verweigert"]
        let report = await fixture.probe(endpoint)
        #expect(report.verdict == .enforced)
        #expect(report.worst.negative?.outcome == .refusedByMark)
        endpoint.refusalMarks = RefusalMarks()
        endpoint.refusalMarks.statuses = StatusSet([.hundreds(2)])
        #expect(await fixture.probe(endpoint).worst.positive.outcome == .refusedByMark)
    }

    @Test func `a proxy that speaks plain HTTP to a TLS port is named`() async throws {
        let inner = try await nginx("location / { return 200; }")
        let outer = try await nginx("location / { proxy_pass http://127.0.0.1:\(inner.port); }")
        let report = await fixture.probe(fixture.endpoint(outer.url()))
        #expect(report.worst.positive.outcome == .plainHTTPToTLSPort)
        #expect(report.verdict == .unexpectedAnswer)
        withExtendedLifetime(inner) {}
    }

    @Test func `an address in place of DNS is where the connection goes`() async throws {
        let server = try await nginx("location / { return 200; }")
        var endpoint = fixture.endpoint(server.url(host: "localhost"))
        endpoint.addresses = ["127.0.0.1", "127.0.0.9"]
        let report = await fixture.probe(endpoint)
        #expect(report.rounds.map(\.address) == ["127.0.0.1", "127.0.0.9"])
        #expect(report.rounds[0].verdict == .enforced)
        #expect(report.rounds[0].positive.peerAddress == "127.0.0.1")
        #expect(report.verdict == .unreachable)
        endpoint.addresses = []
        endpoint.probesAllAddresses = true
        #expect(await fixture.probe(endpoint).rounds.contains { $0.address == "127.0.0.1" && $0.verdict == .enforced })
    }

    @Test func `a key with a passphrase and a PKCS #12 file open the door`() async throws {
        let server = try await nginx("location / { return 200; }")
        let path = fixture.directory.path(of:)
        let openssl = try RequiredTool("openssl")
        try openssl.run([
            "pkey", "-in", path("good.key"), "-aes256", "-passout", "pass:hunter2", "-out", path("closed.key"),
        ])
        try openssl.run([
            "pkcs12", "-export", "-in", path("good.pem"), "-inkey", path("good.key"), "-passout", "pass:hunter2",
            "-out", path("good.p12"),
        ])
        try fixture.directory.write("hunter2\n", to: "passphrase")
        try fixture.directory.write("wrong\n", to: "other")
        func verdict(_ cert: String, _ key: String?, passphrase: String?) async -> ProbeReport {
            var endpoint = fixture.endpoint(server.url())
            endpoint.tls = .init(
                caFile: path("ca.pem"), certFile: path(cert), keyFile: key.map(path),
                keyPassphraseFile: passphrase.map(path))
            return await fixture.probe(endpoint)
        }
        #expect(await verdict("good.pem", "closed.key", passphrase: "passphrase").verdict == .enforced)
        #expect(await verdict("good.p12", nil, passphrase: "passphrase").verdict == .enforced)
        for (cert, key) in [("good.pem", "closed.key"), ("good.p12", nil)] {
            let report = await verdict(cert, key, passphrase: "other")
            #expect(report.verdict == .misconfigured)
            #expect(report.worst.positive.message?.contains("does not open with its passphrase") == true)
            #expect(report.worst.positive.message?.contains("hunter2") == false)
        }
        #expect(
            await verdict("good.pem", "closed.key", passphrase: nil).worst.positive.message?
                .contains("name it in key_passphrase_file") == true)
    }
}
