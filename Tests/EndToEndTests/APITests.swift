import Certificates
import Foundation
import TestSupport
import Testing

/// The API of a daemon, beside the command line.
struct APITests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func json(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// The elements of a list as texts that can be compared, without what changes with each second.
    private static func elements(_ list: Any?) throws -> [String] {
        try #require(list as? [[String: Any]]).map { element in
            let timeless = element.filter { $0.key != "seconds_left" }
            return String(
                decoding: try JSONSerialization.data(withJSONObject: timeless, options: .sortedKeys), as: UTF8.self)
        }
    }

    /// A daemon that has told of three certificates, one of them with a hostile name, and of an endpoint.
    private static func served() async throws -> ServedSite {
        let site = try Site(sections: "listen: 127.0.0.1:0")
        try site.place("a", daysLeft: -400)
        try site.place("b", daysLeft: -390)
        try site.directory.write(
            try site.certificate("<script>alert(1)</script>\u{202E}", daysLeft: 9_000).pem, to: "pki/c.pem")
        return try await ServedSite(site)
    }

    @Test func `certificates, one certificate and deliveries are those of the command line`() async throws {
        let served = try await Self.served()
        let certificates = try Self.json(served.get("/api/v1/certificates"))["certificates"]
        let listed = try Self.json(await served.site.run(["list", "--json"]).output)["certificates"]
        #expect(try Self.elements(certificates).count == 3)
        #expect(try Self.elements(certificates).sorted() == Self.elements(listed).sorted())
        let first = try #require(certificates as? [[String: Any]]).first
        let fingerprint = try #require(first?["fingerprint_sha256"] as? String)
        let one = try served.get("/api/v1/certificates/\(fingerprint)")
        let explained = try Self.json(await served.site.run(["explain", fingerprint, "--json"]).output)
        #expect(try Self.elements([Self.json(one)]) == Self.elements(explained["certificates"] ?? [explained]))
        let deliveries = try Self.json(served.get("/api/v1/deliveries?state=delivered"))["deliveries"]
        let printed = try await served.site.run(["deliveries", "--state", "delivered", "--json"]).output
        #expect(try Self.elements(deliveries) == Self.elements(Self.json(printed)["deliveries"]))
        #expect(try await served.end().status == 0)
    }

    @Test func `pages of one hold everything once`() async throws {
        let served = try await Self.served()
        var (cursor, names) = ("0", [String]())
        for _ in 1...10 {
            let page = try Self.json(served.get("/api/v1/certificates?limit=1&after=\(cursor)"))
            names += (page["certificates"] as? [[String: Any]] ?? []).compactMap { $0["subject"] as? String }
            guard let next = page["next"] as? NSNumber else { break }
            cursor = next.stringValue
        }
        #expect(names.count == 3 && Set(names).count == 3, "\(names)")
        #expect(try await served.end().status == 0)
    }

    @Test func `the overview, silences, findings and endpoints are there, and no text is markup`() async throws {
        let served = try await Self.served()
        let status = try Self.json(served.get("/api/v1/status"))
        #expect(status["status"] as? String == "critical")
        for name in ["silences", "findings", "endpoints"] {
            #expect(try Self.json(served.get("/api/v1/\(name)"))[name] is [Any], "\(name)")
        }
        let raw = try served.get("/api/v1/certificates")
        #expect(!raw.contains("<script") && !raw.contains("\u{202E}"))
        #expect(try await served.end().status == 0)
    }

    @Test func `every answer is as docs/openapi.yaml describes it, and has no key besides`() async throws {
        let served = try await Self.served()
        _ = try await served.site.run(["silence", "add", "--for", "1h", "--by", "a", "--reason", "b", "role=client"])
        let program = """
            import json, sys, urllib.request, yaml
            from jsonschema import Draft202012Validator, FormatChecker, RefResolver
            document = yaml.safe_load(open(sys.argv[1]))
            resolver = RefResolver.from_schema(document)
            def described(schema, value, place):
                if "$ref" in schema: return described(resolver.resolve(schema["$ref"])[1], value, place)
                if isinstance(value, dict) and "properties" in schema:
                    unknown = set(value) - set(schema["properties"])
                    assert not unknown, f"{place}: {unknown}"
                    for key in value: described(schema["properties"][key], value[key], f"{place}.{key}")
                if isinstance(value, list):
                    for element in value: described(schema.get("items", {}), element, place + "[]")
            def check(path, concrete):
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[2] + concrete) as answer:
                    content = document["paths"][path]["get"]["responses"]["200"]["content"]
                    schema = content[answer.headers["Content-Type"]]["schema"]
                    value = json.load(answer)
                Draft202012Validator(schema, resolver=resolver, format_checker=FormatChecker()).validate(value)
                described(schema, value, concrete)
                return value
            first = check("/api/v1/certificates", "/api/v1/certificates?limit=1")["certificates"][0]
            check("/api/v1/certificates/{fingerprint}", "/api/v1/certificates/" + first["fingerprint_sha256"])
            check("/api/v1/deliveries", "/api/v1/deliveries?state=delivered&state=pending")
            for name in ["status", "endpoints", "silences", "findings"]: check("/api/v1/" + name, "/api/v1/" + name)
            print("all as described")
            """
        let outcome = try RequiredTool.debianPython.outcome(
            ["-W", "ignore", "-c", program, Self.root.path + "/docs/openapi.yaml", "http://\(served.address)"],
            errors: .descriptor(STDERR_FILENO))
        #expect(String(decoding: outcome.output, as: UTF8.self) == "all as described\n")
        #expect(try await served.end().status == 0)
    }

    @Test func `the calendar is that of forecast, with the same UIDs each time`() async throws {
        let served = try await Self.served()
        func identifiers(_ text: String) -> [String] {
            text.split(separator: "\r\n").filter { $0.hasPrefix("UID:") }.map(String.init)
        }
        let first = try served.get("/calendar.ics?days=400")
        #expect(first.hasPrefix("BEGIN:VCALENDAR\r\n") && first.hasSuffix("END:VCALENDAR\r\n"))
        let printed = try await served.site.run(["forecast", "--ics", "--days", "400"]).output
        #expect(identifiers(first) == identifiers(printed))
        #expect(try identifiers(served.get("/calendar.ics?days=400")) == identifiers(first))
        #expect(try await served.end().status == 0)
    }
}
