import Certificates
import Foundation
import TestSupport
import Testing

/// What a client of the listener can have done, beside the commands that do the same.
struct ListenerOrderTests {
    private static let sections = "listen: { address: \"127.0.0.1:0\", token_file: token }"
    private static let token = ["--oauth2-bearer", "s3cret"]

    private static func site(ops: RecordingReceiver? = nil) throws -> Site {
        let site = try Site(ops: ops, sections: sections)
        try site.directory.write("s3cret\n", to: "token")
        return site
    }

    private static func json(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    @Test func `a silence begins and ends as on the command line, and a repeated request makes no other`() async throws
    {
        let served = try await ServedSite(try Self.site())
        let body = #"{"matchers":["registration=fleet"],"for":"2h","reason":"CHG-42","by":"alice"}"#
        let arguments = Self.token + ["--json", body]
        let added = try served.send("POST", "/api/v1/silences", arguments)
        #expect(added.status == 201)
        let silence = try Self.json(added.body)
        #expect(silence["by"] as? String == "alice" && silence["state"] as? String == "active")
        let repeated = try served.send("POST", "/api/v1/silences", arguments)
        #expect(repeated.status == 200)
        #expect(try Self.json(repeated.body)["id"] as? Int == silence["id"] as? Int)
        let listed = try Self.json(await served.site.run(["silence", "list", "--json"]).output)
        #expect((listed["silences"] as? [[String: Any]])?.map { $0["reason"] as? String } == ["CHG-42"])
        for _ in 1...2 {
            let ended = try served.send("DELETE", "/api/v1/silences/1", Self.token)
            #expect(ended.status == 200)
            #expect(try Self.json(ended.body)["state"] as? String == "over")
        }
        #expect(try served.send("DELETE", "/api/v1/silences/2", Self.token).status == 404)
        #expect(try await served.end().status == 0)
    }

    @Test(
        arguments: [
            ("registration=flet", "for\":\"2h", "known: fleet"), ("nothing=fleet", "for\":\"2h", "nothing"),
            ("role=client", "until\":\"2020-01-01T00:00:00Z", "is over already"),
            ("role=client", "for\":\"400d", "within a year"),
        ])
    func `a silence with a value that has no meaning here is refused as on the command line`(
        matcher: String, time: String, reason: String
    ) async throws {
        let served = try await ServedSite(try Self.site())
        let body = #"{"matchers":["\#(matcher)"],"\#(time)","reason":"r","by":"a"}"#
        let answer = try served.send("POST", "/api/v1/silences", Self.token + ["--json", body])
        #expect(answer.status == 422)
        #expect(try (Self.json(answer.body)["detail"] as? String)?.contains(reason) == true, "\(answer.body)")
        #expect(try await served.end().status == 0)
    }

    @Test func `a reload says what is wrong with the configuration, and when it is in use`() async throws {
        let served = try await ServedSite(try Self.site())
        let file = try served.site.directory.read("notafter.yaml")
        try served.site.directory.write(file.replacing("name: fleet", with: "nam: fleet"), to: "notafter.yaml")
        let refused = try served.send("POST", "/-/reload", Self.token)
        #expect(refused.status == 409)
        #expect(refused.body.contains("notafter.yaml:2:") && refused.body.contains("the old one stays in use"))
        #expect(try served.get("/metrics", Self.token).contains("notafter_config_reload_success 0\n"))
        try served.site.directory.write(file.replacing("name: fleet", with: "name: edge"), to: "notafter.yaml")
        let done = try served.send("POST", "/-/reload", Self.token)
        #expect(done.status == 200 && done.body.contains("\"done\""), "\(done)")
        #expect(try served.get("/metrics", Self.token).contains("notafter_config_reload_success 1\n"))
        #expect(try await served.end().status == 0)
    }

    @Test func `a scan that is ordered finds what is new without waiting for the interval`() async throws {
        let served = try await ServedSite(try Self.site())
        try served.site.place("new", daysLeft: -400)
        #expect(try served.send("POST", "/-/scan", Self.token).status == 202)
        try await waitUntil("the new certificate is told") { served.site.ops.told.contains("fleet/CN=new expired") }
        #expect(try await served.end().status == 0)
    }

    @Test func `a parked delivery is sent again when a client orders it, and a settled one is not`() async throws {
        let ops = try RecordingReceiver { number, _ in .answer(number == 0 ? 403 : 204) }
        let site = try Self.site(ops: ops)
        try site.place("a", daysLeft: -400)
        let served = try await ServedSite(site)
        let open = try served.get("/api/v1/deliveries", Self.token)
        let parked = try Self.json(open)["deliveries"] as? [[String: Any]]
        let id = try #require(parked?.first { $0["state"] as? String == "parked" }?["id"] as? Int, "\(open)")
        let retried = try served.send("POST", "/api/v1/deliveries/\(id)/retry", Self.token)
        #expect(retried.status == 200)
        #expect(try Self.json(retried.body)["id"] as? Int == id)
        #expect(try served.send("POST", "/-/scan", Self.token).status == 202)
        try await waitUntil("it is delivered") {
            try served.get("/api/v1/deliveries?state=delivered", Self.token).contains("\"id\" : \(id),")
        }
        let settled = try served.send("POST", "/api/v1/deliveries/\(id)/retry", Self.token)
        #expect(settled.status == 409 && settled.body.contains("is delivered, and stays so"), "\(settled)")
        #expect(try served.send("POST", "/api/v1/deliveries/999/cancel", Self.token).status == 404)
        #expect(try await served.end().status == 0)
    }

    @Test func `each order is in the log, and the token is not`() async throws {
        let served = try await ServedSite(try Self.site())
        #expect(try served.send("POST", "/-/scan", Self.token).status == 202)
        #expect(try served.send("POST", "/-/scan").status == 401)
        let outcome = try await served.end()
        #expect(outcome.errors.contains("order=scan"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("s3cret"))
    }
}
