import Foundation
import TestSupport
import Testing

/// `notafter discover`, including the drop-in that it writes.
@Suite struct DiscoverCommandTests {
    private let site: Site

    init() throws {
        site = try Site()
        try site.directory.makeDirectory("conf.d")
        try site.directory.write(site.authority.pem, to: "nginx/ca.pem")
        try site.directory.write(
            """
            http { server {
                listen 443 ssl; server_name api.example.com;
                ssl_client_certificate ca.pem; ssl_certificate $name.pem;
            } }
            """, to: "nginx/nginx.conf")
    }

    @Test func `what is written is a drop-in that loads and scans, and is never overwritten`() async throws {
        let arguments = ["discover", "nginx/nginx.conf", "--write", "conf.d/nginx.yaml"]
        let outcome = try await site.run(arguments)
        #expect(outcome.status == 0 && outcome.output == "conf.d/nginx.yaml: 1 registration to review\n")
        #expect(outcome.errors.hasPrefix("notafter: ") && outcome.errors.contains("$name.pem holds a variable"))

        let validated = try await site.run(["config", "validate"])
        let verdict = "notafter.yaml and 1 drop-in: valid, with 2 warnings\n  2 registrations"
        #expect(validated.output.hasPrefix(verdict), "\(validated)")
        try site.place("a", daysLeft: 100)
        let checked = try await site.run(["check", "--config", "notafter.yaml", "--json"] + Site.at(day: 0))
        #expect(checked.status == 0 && checked.output.contains("api.example.com-ca"), "\(checked)")

        let before = try Data(contentsOf: URL(filePath: site.directory.path(of: "conf.d/nginx.yaml")))
        let again = try await site.run(arguments)
        #expect(again.status == 1 && again.output.isEmpty)
        #expect(again.errors.contains("conf.d/nginx.yaml exists already and is left as it is"))
        #expect(try Data(contentsOf: URL(filePath: site.directory.path(of: "conf.d/nginx.yaml"))) == before)
    }

    @Test func `a draft is printed, and nothing else with it`() async throws {
        let outcome = try await site.run(["discover", "-q", "nginx/nginx.conf"])
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("# Drafted by notafter discover"))
        #expect(outcome.output.contains("name: \"api.example.com-ca\""))
    }

    @Test(arguments: ["nowhere.conf", "notafter.yaml", "nginx"])
    func `finding nothing is 1, with the reason`(path: String) async throws {
        let outcome = try await site.run(["discover", path])
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(path) && outcome.errors.contains("found no certificate to register"))
    }

    @Test func `a file that cannot be written is 1, with the reason`() async throws {
        let outcome = try await site.run(["discover", "nginx/nginx.conf", "--write", "nowhere/a.yaml"])
        #expect(outcome.status == 1 && outcome.errors.contains("nowhere/a.yaml cannot be written: No such file"))
    }
}
