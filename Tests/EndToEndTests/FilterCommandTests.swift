import Certificates
import Foundation
import TestSupport
import Testing

/// The filters of `list` and `check`, and what `check` excludes.
struct FilterCommandTests {
    /// A client `fine`, `soon`, `urgent` and `gone` of the device team, a CA and a list of the platform team.
    private func site() throws -> Site {
        let site = try Site()
        for (name, daysLeft) in [("fine", 300), ("soon", 20), ("urgent", 5), ("gone", -2)] as [(String, Int64)] {
            try site.place(name, daysLeft: daysLeft)
        }
        try site.directory.write(site.authority.pem, to: "ca.pem")
        try site.directory.write(
            """
            certificates:
              - name: fleet
                role: client
                paths: [pki]
                issuer: root
                owner: device-team
                labels: { site: lab, tier: edge }
              - { name: root, role: ca, paths: [ca.pem], owner: platform }
            receivers:
              - { name: ops, webhook: { url: "\(site.ops.url)", secret_file: ops.secret } }
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        return site
    }

    private func names(_ outcome: NotafterProcess.Outcome) -> [String] {
        outcome.output.split(separator: "\n")
            .compactMap { $0.firstMatch(of: /^  .*?  CN=([\w ]+?)\x20\x20/).map { String($0.1) } }
    }

    /// The filter, what it selects of all that was read, and the exit status of `check`.
    static let filters: [(filter: [String], selected: [String], status: Int32)] = [
        (["--within", "30d"], ["soon", "urgent", "gone"], 2), (["--within", "3"], ["gone"], 2),
        (["--in-state", "warning"], ["soon"], 1),
        (["--state", "critical", "--state", "warning"], ["soon", "urgent"], 2),
        (["--in-state", "ok"], ["Site CA", "fine"], 0), (["--role", "ca"], ["Site CA"], 0),
        (["--owner", "platform"], ["Site CA"], 0),
        (["--owner", "device-*", "--within", "6d"], ["urgent", "gone"], 2),
        (["--label", "site=lab", "--label", "tier=*", "--state", "expired"], ["gone"], 2),
        (["--state", "not-yet-valid"], [], 0), (["--finding", "weak_key"], [], 0),
    ]

    @Test(arguments: filters)
    func `a filter narrows what is shown, and for check what is judged`(
        filter: [String], selected: [String], status: Int32
    ) async throws {
        let site = try site()
        let check = try await site.run(["check", "--all", "--config", "notafter.yaml"] + filter + Site.at(day: 0))
        #expect(names(check) == selected, "\(check.output)\(check.errors)")
        #expect(check.status == status, "\(check.output)")
        try await site.scan(day: 0)
        let list = try await site.run(["list"] + filter + Site.at(day: 0))
        #expect(names(list) == selected, "\(list.output)\(list.errors)")
        let total = try #require(list.output.split(separator: "\n").last)
        #expect(total.contains("; \(5 - selected.count) not selected"), "\(total)")
    }

    @Test func `JSON follows the same filters`() async throws {
        struct Listing: Decodable {
            struct Item: Decodable { let subject: String }

            let certificates: [Item]
            let summary: [String: Int]
        }
        let site = try site()
        for target in [["pki"], ["--config", "notafter.yaml"]] {
            let outcome = try await site.run(
                ["check", "--json", "--within", "10d", "--sort", "name"] + target + Site.at(day: 0))
            let listing = try JSONDecoder().decode(Listing.self, from: Data(outcome.output.utf8))
            #expect(listing.certificates.map(\.subject) == ["CN=gone", "CN=urgent"])
            #expect(listing.summary["certificates"] == 2)
            #expect(listing.summary["not_selected"] == (target == ["pki"] ? 2 : 3))
        }
    }

    @Test(arguments: [
        ("expiry", ["Site CA", "fine", "soon", "urgent", "gone"]),
        ("name", ["Site CA", "fine", "gone", "soon", "urgent"]),
        ("state", ["Site CA", "fine", "soon", "urgent", "gone"]),
        ("kind", ["Site CA", "fine", "soon", "urgent", "gone"]),
        ("place", ["Site CA", "fine", "gone", "soon", "urgent"]),
    ])
    func `the order can be chosen`(key: String, order: [String]) async throws {
        let site = try site()
        let outcome = try await site.run(["check", "--all", "--sort", key, "ca.pem", "pki"] + Site.at(day: 0))
        #expect(names(outcome) == order, "\(outcome.output)")
    }

    @Test func `a finding selects the certificates that have it`() async throws {
        let site = try site()
        for name in ["first", "second"] {
            var template = CertificateTemplate(.client, commonName: name)
            template.serial = [0x11]
            template.notAfter = .at(Site.start + .days(300))
            try site.directory.write(try site.authority.issue(template).pem, to: "pki/\(name).pem")
        }
        for target in [["pki"], ["--config", "notafter.yaml"]] {
            let outcome = try await site.run(
                ["check", "--finding", "duplicate_serial_number"] + target + Site.at(day: 0))
            #expect(names(outcome).sorted() == ["first", "second"], "\(outcome.output)")
            #expect(outcome.status == 1, "\(outcome.output)")
        }
        // The finding makes it a warning, which only the second look at all certificates can tell.
        let warned = try await site.run(["check", "--state", "warning", "pki"] + Site.at(day: 0))
        #expect(names(warned).sorted() == ["first", "second", "soon"], "\(warned.output)")
        let fine = try await site.run(["check", "--state", "ok", "pki"] + Site.at(day: 0))
        #expect(names(fine) == ["fine"] && fine.status == 0, "\(fine.output)")
    }

    @Test func `what could not be read counts, unless it belongs to another owner`() async throws {
        let site = try site()
        try site.directory.write("-----BEGIN CERTIFICATE-----\n", to: "pki/bad.pem")
        func check(_ filter: [String]) async throws -> NotafterProcess.Outcome {
            try await site.run(["check", "--config", "notafter.yaml"] + filter + Site.at(day: 0))
        }
        #expect(try await check(["--state", "warning"]).status == 3)
        #expect(try await check(["--owner", "device-team", "--state", "ok"]).status == 3)
        #expect(try await check(["--owner", "platform"]).status == 0)
        #expect(try await check(["--role", "ca"]).status == 0)
    }

    @Test(arguments: [
        (["--owner", "nobody"], "No registration has the owner \"nobody\"; known: device-team, platform."),
        (["--label", "site=moon"], "No registration has the label.site \"moon\"; known: lab."),
        (["--label", "site"], "is no matcher such as"), (["--finding", "revokd"], "did you mean \"revoked\""),
        (["--in-state", "crtical"], "did you mean \"critical\""), (["--within", "soon"], "30d, 36h or 2w"),
        (["--role", "owner"], "owner"), (["--sort", "age"], "age"),
    ])
    func `a typo in a filter is an error, and not an empty list`(filter: [String], message: String) async throws {
        let site = try site()
        try await site.scan(day: 0)
        let check = try await site.run(["check", "--config", "notafter.yaml"] + filter + Site.at(day: 0))
        #expect(check.status == 3)
        let list = try await site.run(["list"] + filter + Site.at(day: 0))
        #expect(list.status == 64)
        #expect(list.errors.contains(message), "\(list.errors)")
    }

    @Test func `an owner without a configuration is an error`() async throws {
        let outcome = try await site().run(["check", "--owner", "platform", "pki"])
        #expect(outcome.status == 3)
        #expect((outcome.output + outcome.errors).contains("--config"))
    }

    @Test func `--state is the ledger in every command, and a state in list and deliveries`() async throws {
        let site = try site()
        try await site.scan(day: 0)
        try FileManager.default.moveItem(atPath: site.ledger.path, toPath: site.directory.path(of: "moved.db"))
        for option in ["--state", "--ledger"] {
            for command in [
                ["list"], ["status"], ["explain", "fine"], ["forecast"], ["silence", "list"], ["deliveries"],
                ["deliveries", "list"], ["silence"],
            ] {
                let outcome = try await site.run(command + [option, "moved.db"])
                #expect(outcome.status < 3, "\(command) \(option): \(outcome.errors)")
            }
        }
        let both = try await site.run(["list", "--state", "moved.db", "--state", "expired"] + Site.at(day: 0))
        #expect(names(both) == ["gone"], "\(both.output)\(both.errors)")
        let settled = try await site.run(["deliveries", "list", "--state", "delivered", "--ledger", "moved.db"])
        #expect(settled.output.contains("delivered"), "\(settled.errors)")
        let typo = try await site.run(["list", "--state", "critcal"])
        #expect(typo.status == 64 && typo.errors.contains("did you mean \"critical\""), "\(typo.errors)")
        let unknown = try await site.run(["list", "--state", "nowhere.db"])
        #expect(unknown.status == 3 && unknown.errors.contains("no ledger at nowhere.db"), "\(unknown.errors)")
    }

    @Test(arguments: [
        (["archive"], 3), (["*.bak"], 4), (["archive", "*.bak"], 2), (["old/archive"], 4), (["pki/old/**"], 3),
        (["ol?"], 3), (["gone.pem", "archive", "*.bak"], 1), (["nothing"], 5),
    ])
    func `check excludes names and paths`(patterns: [String], remaining: Int) async throws {
        let site = try Site()
        try site.place("fine", daysLeft: 300)
        try site.place("gone", daysLeft: -2)
        for path in ["pki/archive/a.pem", "pki/old/archive/b.pem", "pki/old/c.bak"] {
            try site.directory.write(try site.certificate("x", daysLeft: 300).pem, to: path)
        }
        let excluded = patterns.flatMap { ["--exclude", $0] }
        let outcome = try await site.run(["check", "--all", "pki"] + excluded + Site.at(day: 0))
        #expect(
            outcome.output.hasPrefix(remaining == 1 ? "OK - 1 certificate:" : "CRITICAL - \(remaining) certificates:"))
        let absolute = try await site.run(
            ["check", "--json", "pki", "--exclude", site.directory.path(of: "pki/*")] + Site.at(day: 0))
        #expect(absolute.status == 3, "nothing is left")
    }

    @Test func `a registration excludes what is archived, and what it excluded later is removed`() async throws {
        let site = try Site(paths: "[pki], exclude: [archive, \"*.bak\"]")
        try site.place("fine", daysLeft: 300)
        try site.directory.write(try site.certificate("old", daysLeft: -9).pem, to: "pki/archive/old.pem")
        try site.directory.write(try site.certificate("kept", daysLeft: -9).pem, to: "pki/kept.bak")
        try await site.scan(day: 0)
        #expect(site.ops.told.isEmpty)
        #expect(names(try await site.run(["list"] + Site.at(day: 0))) == ["fine"])
        let check = try await site.run(["check", "--config", "notafter.yaml"] + Site.at(day: 0))
        #expect(check.status == 0, "\(check.output)")
        let further = try await site.run(
            ["check", "--config", "notafter.yaml", "--exclude", "fine.pem"] + Site.at(day: 0))
        #expect(further.status == 3, "\(further.output)")
    }
}
