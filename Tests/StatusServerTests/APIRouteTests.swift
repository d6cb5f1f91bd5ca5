import Certificates
import CurlBinding
import StatusServer
import TestSupport
import Testing

/// `/api/v1` and `/calendar.ics`: what is asked for, and how it is answered.
struct APIRouteTests {
    private static let fingerprint = String(repeating: "ab", count: 32)

    private func get(_ path: String, _ headers: [HeaderField] = []) async throws -> TransferResult {
        let daemon = try ServedDaemon()
        return try await daemon.serving { await daemon.get(path, at: $0, headers) }
    }

    @Test(
        arguments: [
            ("/api/v1/status", "status\n"), ("/api/v1/endpoints", "endpoints\n"), ("/api/v1/silences", "silences\n"),
            ("/api/v1/findings", "findings\n"), ("/api/v1/endpoints/api", "endpoint(\"api\")\n"),
            ("/calendar.ics", "calendar of 90 days"), ("/calendar.ics?days=400", "calendar of 400 days"),
        ])
    func `each path has its resource`(path: String, text: String) async throws {
        let result = try await get(path)
        #expect(result.status == 200)
        #expect(result.text == text)
        let type = path.hasPrefix("/calendar") ? "text/calendar; charset=utf-8" : "application/json"
        #expect(result.header("Content-Type") == type)
    }

    @Test(
        arguments: [
            ("/api/v1/certificates", "after: 0, limit: 100"), ("/api/v1/certificates?limit=1", "after: 0, limit: 1"),
            ("/api/v1/certificates?after=17&limit=1000", "after: 17, limit: 1000"),
            ("/api/v1/deliveries?state=parked&after=3", "after: 3, limit: 100"),
        ])
    func `a page begins after a cursor and has a limit`(path: String, page: String) async throws {
        let result = try await get(path)
        #expect(result.status == 200)
        #expect(result.text.contains("PageRequest(\(page))"), "\(result.text)")
    }

    @Test func `deliveries are those that are open, or in the states that are named`() async throws {
        let open = try await get("/api/v1/deliveries").text
        #expect(open.contains("DeliveryState.retry") && !open.contains("DeliveryState.delivered"))
        let named = try await get("/api/v1/deliveries?state=delivered&state=expired").text
        #expect(named.contains("DeliveryState.delivered") && named.contains("DeliveryState.expired"))
        #expect(!named.contains("DeliveryState.retry"))
    }

    @Test(
        arguments: [
            "/api/v1/certificates?limit=0", "/api/v1/certificates?limit=1001", "/api/v1/certificates?limit=ten",
            "/api/v1/certificates?after=-1", "/api/v1/deliveries?state=lost", "/api/v1/certificates/abc",
            "/calendar.ics?days=401", "/calendar.ics?days=",
        ])
    func `a wrong value is a problem, and not ignored`(path: String) async throws {
        let result = try await get(path)
        #expect(result.status == 400)
        #expect(result.header("Content-Type") == "application/problem+json")
        #expect(result.text.contains("\"detail\":"))
    }

    @Test func `what is unknown is not found, and a failing ledger shows no path`() async throws {
        let unknown = try await get("/api/v1/endpoints/unknown")
        #expect(unknown.status == 404)
        let broken = try await get("/api/v1/endpoints/broken")
        #expect(broken.status == 503)
        #expect(!broken.text.contains("/var/lib"))
    }

    @Test func `who has a document already gets none`() async throws {
        let daemon = try ServedDaemon()
        try await daemon.serving { address in
            let first = await daemon.get("/api/v1/findings", at: address)
            let tag = try #require(first.header("ETag"))
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = await daemon.get("/api/v1/findings", at: address, [HeaderField("If-None-Match", known)])
                #expect(again.status == 304 && again.body.isEmpty && again.header("ETag") == tag, "\(known)")
            }
            let other = await daemon.get("/api/v1/silences", at: address, [HeaderField("If-None-Match", tag)])
            #expect(other.status == 200)
        }
    }

    @Test(
        arguments: [
            ("/calendar.ics?token=s3cret-token", 200), ("/calendar.ics?token=other", 401), ("/calendar.ics", 401),
            ("/api/v1/status?token=s3cret-token", 401),
        ])
    func `the calendar alone takes the token from its URL`(path: String, status: Int) async throws {
        let daemon = try ServedDaemon(listen: "{ address: \"127.0.0.1:0\", token_file: token }")
        let result = try await daemon.serving { await daemon.get(path, at: $0) }
        #expect(result.status == status)
    }
}
