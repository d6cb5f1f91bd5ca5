import CurlBinding
import StatusServer
import TestSupport
import Testing

/// `/api/v1/verify`, for `auth_request` of nginx.
struct VerifyRouteTests {
    private func get(_ query: String, _ headers: [HeaderField] = []) async throws -> TransferResult {
        let daemon = try ServedDaemon()
        return try await daemon.serving { await daemon.get("/api/v1/verify\(query)", at: $0, headers) }
    }

    @Test func `a client that may be let in is 204, with its subject`() async throws {
        let result = try await get("?registration=open", [HeaderField("X-Client-Cert", "abc")])
        #expect(result.status == 204 && result.body.isEmpty)
        #expect(result.header("X-Notafter-Subject") == "CN=x-client-cert: abc%0A")
        #expect(result.header("X-Notafter-Fingerprint") == String(repeating: "ab", count: 32))
        #expect(result.header("Cache-Control") == "no-store")
    }

    @Test(arguments: [
        ("?registration=devices", "X-Client-Cert: nothing"),
        ("?registration=devices&header=Client-Cert", "Client-Cert: client-cert: :AA==:%0Aclient-cert-chain: :BB==:%0A"),
        ("?registration=devices&header=x-empty", "x-empty: nothing"),
        ("?registration=devices&header=x-dash", "x-dash: nothing"),
    ])
    func `any other client is 403, with the reason in one line`(query: String, reason: String) async throws {
        let result = try await get(
            query,
            [
                HeaderField("Client-Cert", ":AA==:"), HeaderField("Client-Cert-Chain", ":BB==:"),
                HeaderField("X-Dash", "-"), HeaderField("X-Other", "not asked for"),
            ])
        #expect(result.status == 403)
        #expect(result.header("X-Notafter-Reason") == reason)
    }

    @Test(arguments: [
        ("", 400, "registration is missing"), ("?registration=a&header=no%20name", 400, "the name of the header"),
        ("?registration=unknown", 400, "no registration named unknown"),
        ("?registration=broken", 503, "The ledger cannot be read"),
    ])
    func `a question without an answer is an error, which denies as well`(
        query: String, status: Int, reason: String
    ) async throws {
        let result = try await get(query)
        #expect(result.status == status && result.text.contains(reason), "\(result.text)")
    }
}
