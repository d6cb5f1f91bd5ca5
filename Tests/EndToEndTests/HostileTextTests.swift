import Certificates
import Foundation
import TestSupport
import Testing

/// Invariant 10: text from certificates, file names and servers is only text, and never a command for a terminal, a
/// line of a log or a part of JSON.
struct HostileTextTests {
    /// ESC and CSI, a bell, a line break, C1's CSI, the right-to-left override, a zero-width joiner, a tag character, a
    /// line separator, a delete, quotes, the end of a script.
    private static let hostile =
        "a\u{1B}[2J\u{7}\r\nnotafter: forged\nnotafter: forged\u{9B}31m\u{202E}gpj\u{200D}\u{E0041}\u{2028}\u{7F}\"'\\</script>&"

    /// Whether no output may contain the scalar unescaped. Line breaks are our own.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n"
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        default: false
        }
    }

    private func expectHarmless(_ outcome: NotafterProcess.Outcome, _ command: [String]) {
        for text in [outcome.output, outcome.errors] {
            let harmful = text.unicodeScalars.filter(Self.isHarmful)
            #expect(harmful.isEmpty, "\(command): \(harmful.map { String($0.value, radix: 16) })")
            let forged = text.split(separator: "\n").filter { $0.hasPrefix("notafter: forged") }
            #expect(forged.isEmpty, "\(command): \(forged)")
        }
    }

    private func hostileSite(_ receiver: RecordingReceiver) async throws -> (Site, NginxServer) {
        let site = try Site(ops: receiver)
        var template = CertificateTemplate(
            .client, commonName: Self.hostile, notAfter: Site.start + .days(10))
        template.subject = [[.organization(Self.hostile)], [.commonName(Self.hostile)]]
        template.alternativeNames = [.dns(Self.hostile), .email(Self.hostile), .uri(Self.hostile)]
        let certificate = try site.authority.issue(template)
        let file = Self.hostile.replacing("/", with: "|")
        try site.directory.write(certificate.pem, to: "pki/\(file).pem")
        try site.directory.write("-----BEGIN CERTIFICATE-----\nnone", to: "pki/broken \(file).pem")
        try site.directory.link("pki/dangling \(file).pem", to: Self.hostile)
        var settings = NginxServer.Settings()
        settings.verification = .off
        settings.directives = #"location / { return 500 "\x1b[2J</script>\nnotafter: forged\n"; }"#
        let server = try await NginxServer(
            certificate: site.authority.issue(template), clientAuthority: site.authority, settings: settings)
        let configuration = try String(contentsOfFile: site.directory.path(of: "notafter.yaml"), encoding: .utf8)
        try site.directory.write(
            configuration + "endpoints: [{ name: api, url: \"\(server.url())\" }]\n", to: "notafter.yaml")
        return (site, server)
    }

    @Test func `invariant 10: no command prints hostile text as it is`() async throws {
        let receiver = try RecordingReceiver { _, _ in
            .answer(404, headers: ["X-Trap: \u{1B}]0;trap\u{7}"], body: Self.hostile)
        }
        let (site, server) = try await hostileSite(receiver)
        for command in [
            ["scan"] + Site.at(day: 0), ["scan", "--json"] + Site.at(day: 1), ["list"], ["list", "--json"],
            ["check", "pki"], ["check", "--json", "pki"], ["inspect", "pki"], ["inspect", "--json", "pki"],
            ["probe"], ["probe", "--json"], ["test-notify"], ["probe", Self.hostile], ["test-notify", Self.hostile],
            ["forecast"] + Site.at(day: 0), ["forecast", "--json"] + Site.at(day: 0),
            ["list", "--config", Self.hostile], ["check", Self.hostile],
            ["list", "--state", "pki/broken \(Self.hostile.replacing("/", with: "|")).pem"],
        ] {
            let outcome = try await site.run(command)
            expectHarmless(outcome, command)
            guard command.contains("--json") else { continue }
            let parsed = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            #expect(parsed != nil, "\(command)")
        }
        withExtendedLifetime(server) {}
    }

    @Test func `invariant 10: one event is one line of the daemon's log`() async throws {
        let receiver = try RecordingReceiver { _, _ in .answer(500, body: Self.hostile) }
        let (site, server) = try await hostileSite(receiver)
        let daemon = try NotafterProcess(["run"], directory: site.directory.path)
        try await waitUntil("the first pass is over") { daemon.errors.contains("pass ") }
        try site.directory.write(
            "certificates: [\"\u{1B}[2J\\n\u{202E}\"]\n\u{9B}bad: \"x\\ny\"\n", to: "notafter.yaml")
        daemon.signal(SIGHUP)
        try await waitUntil("the reload is over") { daemon.errors.contains("not reloaded") }
        daemon.signal(SIGTERM)
        let outcome = try await daemon.outcome()
        expectHarmless(outcome, ["run"])
        let events = ["started", "pass", "configuration not reloaded", "stopped"]
        for line in outcome.errors.split(separator: "\n") {
            #expect(events.contains { line.hasPrefix($0) }, "\(line)")
        }
        withExtendedLifetime(server) {}
    }

    @Test func `invariant 10: hostile names come back from the JSON of a message as they were`() async throws {
        let (site, server) = try await hostileSite(try RecordingReceiver())
        try await site.scan(day: 0)
        let subjects = try site.ops.messages.filter { $0.type == "certificate.expiring" }.map(\.subject)
        #expect(subjects.count == 2, "the file's, and the server's")
        let json = try await site.run(["inspect", "--json", "pki"])
        let certificates = try #require(
            JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        let subject = try #require(certificates.first?["subject"] as? String)
        #expect(subjects.allSatisfy { $0.contains(subject) })
        withExtendedLifetime(server) {}
    }
}
