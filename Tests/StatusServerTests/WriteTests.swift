import Certificates
import Configuration
import CurlBinding
import Foundation
import StatusServer
import TestSupport
import Testing

/// What changes something: who may, how a request shows that it is meant, and how it is answered.
struct WriteTests {
    private static let guarded = "{ address: \"127.0.0.1:0\", token_file: token, hosts: [status.example.com] }"
    private static let bearer = HeaderField("Authorization", "Bearer s3cret-token")
    private static let basic = HeaderField(
        "Authorization", "Basic \(Data("any:s3cret-token".utf8).base64EncodedString())")
    private static let json = HeaderField("Content-Type", "application/json")
    private static let silence = #"{"matchers":["role=ca"],"for":"7d","reason":"CHG-42","by":"alice"}"#

    private func send(
        _ method: String, _ path: String, _ headers: [HeaderField] = [bearer], body: String? = nil,
        listen: String = guarded, host: String? = nil
    ) async throws -> TransferResult {
        let daemon = try ServedDaemon(listen: listen)
        return try await daemon.serving { address in
            await daemon.get(
                path, at: address, host: host, headers,
                method: .named(method, body: body.map { Array($0.utf8) }))
        }
    }

    @Test(
        arguments: [
            ("POST", "/-/reload", 200, "reload"), ("POST", "/-/scan", 202, "scan"),
            ("POST", "/api/v1/deliveries/7/cancel", 200, "cancelDelivery(7)"),
            ("POST", "/api/v1/deliveries/1/retry", 409, "held"), ("POST", "/api/v1/deliveries/2/retry", 422, "invalid"),
            ("POST", "/api/v1/deliveries/3/retry", 503, "The ledger cannot be written now"),
            ("DELETE", "/api/v1/silences/9", 404, "unknown"), ("DELETE", "/api/v1/silences/0", 400, "whole number"),
            ("DELETE", "/api/v1/silences/x", 400, "whole number"),
        ])
    func `each order is carried out for who has the token`(
        method: String, path: String, status: Int, text: String
    ) async throws {
        let result = try await send(method, path)
        #expect(result.status == status)
        #expect(result.text.contains(text), "\(result.text)")
        let isProblem = status >= 400
        #expect(result.header("Content-Type") == (isProblem ? "application/problem+json" : "application/json"))
        #expect(result.header("Cache-Control") == "no-store")
    }

    @Test(arguments: ["127.0.0.1:0", "{ address: \"127.0.0.1:0\" }", "unix"])
    func `where no client proves anything nothing is changed, and the reason says how to allow it`(
        listen: String
    ) async throws {
        let socket = "unix:/tmp/notafter-test-\(UInt32.random(in: 0...UInt32.max)).sock"
        for path in ["/-/reload", "/-/scan", "/api/v1/silences", "/api/v1/deliveries/1/retry"] {
            let result = try await send("POST", path, [], listen: listen == "unix" ? socket : listen)
            #expect(result.status == 403)
            #expect(result.text.contains("listen.token_file") && result.text.contains("listen.tls.client_ca"))
        }
    }

    @Test(arguments: [[], [HeaderField("Authorization", "Bearer wrong")], [HeaderField("Authorization", "Basic eA==")]])
    func `without the token nothing is changed`(headers: [HeaderField]) async throws {
        let result = try await send("POST", "/-/reload", headers)
        #expect(result.status == 401)
    }

    /// The fields that come with a login by Basic, and the status.
    private static let browserRequests: [(fields: [String], status: Int)] = [
        ([], 403), (["X-Notafter-Request: "], 403), (["X-Notafter-Request: 1"], 200),
        (["X-Notafter-Request: 1", "Sec-Fetch-Site: same-origin"], 200),
        (["X-Notafter-Request: 1", "Sec-Fetch-Site: none"], 200),
        (["X-Notafter-Request: 1", "Sec-Fetch-Site: cross-site"], 403),
        (["X-Notafter-Request: 1", "Sec-Fetch-Site: same-site"], 403),
        (["X-Notafter-Request: 1", "Origin: null"], 403),
        (["X-Notafter-Request: 1", "Origin: https://evil.example"], 403),
        (["X-Notafter-Request: 1", "Origin: https://status.example.com.evil.example"], 403),
        (["X-Notafter-Request: 1", "Origin: https://status.example.com"], 200),
        (["X-Notafter-Request: 1", "Origin: http://10.0.0.1:9793"], 200),
        (["X-Notafter-Request: 1", "Origin: http://10.0.0.1:80"], 403),
    ]

    @Test(arguments: browserRequests)
    func `what a browser sends by itself is no proof that the request is meant`(
        fields: [String], status: Int
    ) async throws {
        let headers = fields.map { field in
            let parts = field.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            return HeaderField(String(parts[0]), String(parts[1]))
        }
        let result = try await send("POST", "/-/reload", [Self.basic] + headers, host: "10.0.0.1:9793")
        #expect(result.status == status, "\(result.text)")
    }

    @Test func `a page of another site cannot even ask whether it may`() async throws {
        let result = try await send(
            "OPTIONS", "/api/v1/silences",
            [Self.bearer, HeaderField("Origin", "https://evil.example")]
                + [HeaderField("Access-Control-Request-Method", "POST")])
        #expect(result.status == 405)
        #expect(result.headers.allSatisfy { !$0.name.lowercased().hasPrefix("access-control") })
    }

    @Test func `a silence is read from the body`() async throws {
        let result = try await send("POST", "/api/v1/silences", [Self.bearer, Self.json], body: Self.silence)
        #expect(result.status == 201)
        #expect(result.header("Location") == "/api/v1/silences/1")
        #expect(result.text.contains(#"matchers: ["role=ca"]"#) && result.text.contains(#"author: "alice""#))
    }

    @Test(
        arguments: [
            (#"{"matchers":"role=ca","for":"7d","reason":"r","by":"a"}"#, "matchers is a list of texts"),
            (#"{"matchers":[],"for":"7d","reason":"r","by":"a"}"#, "at least one element"),
            (#"{"matchers":[1],"for":"7d","reason":"r","by":"a"}"#, "matchers is a list of texts"),
            (#"{"for":"7d","reason":"r","by":"a"}"#, "matchers is a list"),
            (#"{"matchers":["role=ca"],"for":"7d","by":"a"}"#, "reason is missing"),
            (#"{"matchers":["role=ca"],"for":"7d","reason":"r"}"#, "by is missing"),
            (#"{"matchers":["role=ca"],"for":7,"reason":"r","by":"a"}"#, "for is a text"),
            (#"{"matchers":["role=ca"],"for":"-7d","reason":"r","by":"a"}"#, "for is a duration"),
            (#"{"matchers":["role=ca"],"until":"tomorrow","reason":"r","by":"a"}"#, "until is a time"),
            (#"{"matchers":["role=ca"],"for":"7d","reason":"r","author":"a"}"#, "The keys of the body are by, for"),
            ("[]", "not a JSON object"), ("", "not a JSON object"), ("{", "not a JSON object"),
        ])
    func `a body that is not a silence is refused, with the reason`(body: String, reason: String) async throws {
        let result = try await send("POST", "/api/v1/silences", [Self.bearer, Self.json], body: body)
        #expect(result.status == 400)
        #expect(result.text.contains(reason), "\(result.text)")
    }

    @Test(
        arguments: [
            ("text/plain", silence, 415), ("application/x-www-form-urlencoded", silence, 415),
            ("application/json; charset=utf-8", silence, 201),
            ("application/json", "{\"reason\":\"\(String(repeating: "a", count: 20_000))\"}", 413),
        ])
    func `a body is JSON of a bounded size`(type: String, body: String, status: Int) async throws {
        let result = try await send(
            "POST", "/api/v1/silences", [Self.bearer, HeaderField("Content-Type", type)], body: body)
        #expect(result.status == status, "\(result.text)")
    }
}
