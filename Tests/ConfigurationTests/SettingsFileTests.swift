import Certificates
import Configuration
import Delivery
import ExpiryRules
import Foundation
import Probing
import Scanning
import Testing
import TransportSecurity

@Suite struct SettingsFileTests {
    private let everything = """
        state: state/notafter.db
        interval: 30m
        deliver_for: 90s
        defaults: { thresholds: [60d, 33%] }
        certificates:
          - name: partner-ca
            role: ca
            paths: [pki/ca.pem]
            hostnames: [api.example.com]
            owner: platform
            labels: { team: platform }
          - { name: fleet, role: client, paths: [pki/clients, "/srv/**/*.pem"], issuer: partner-ca }
        endpoints:
          - name: api
            url: https://api.example.com/health
            tls_config: { ca_file: pki/ca.pem, cert_file: pki/a.pem, key_file: pki/a.key, server_name: api.internal }
            timeout: 180s
            expect: { status: [200, 204] }
            without_client_certificate: skip
        receivers:
          - { name: ops, webhook: { url: "https://ops.example.com/hook", secret_file: ops.secret } }
        route: { receivers: [ops], unreachable_after: 36h }
        """

    @Test func `every key reaches the settings`() throws {
        let scratch = try Scratch()
        let settings = try scratch.load(everything)
        let thresholds: [Threshold] = [.span(.days(60)), .share(percent: 33)]
        #expect(settings.stateFile == scratch.path + "/state/notafter.db")
        #expect(settings.deliverFor == TimeSpan(seconds: 90))
        #expect(settings.route.unreachableAfter == .hours(36))
        #expect(settings.interval == TimeSpan(seconds: 1_800))
        #expect(
            settings.registrations == [
                Registration(
                    name: "partner-ca", role: .ca, hostnames: ["api.example.com"], owner: "platform",
                    labels: ["team": "platform"], thresholds: thresholds),
                Registration(name: "fleet", role: .client, issuer: "partner-ca", thresholds: thresholds),
                Registration(name: "api", role: .server, endpoint: "api", thresholds: thresholds),
                Registration(name: "api/client", role: .client, endpoint: "api", thresholds: thresholds),
            ])
        #expect(
            settings.sources.map { "\($0.registration) \($0.pattern.text)" } == [
                "partner-ca \(scratch.path)/pki/ca.pem", "fleet \(scratch.path)/pki/clients", "fleet /srv/**/*.pem",
                "api/client \(scratch.path)/pki/a.pem",
            ])
        var endpoint = Endpoint(
            name: "api", url: "https://api.example.com/health",
            tls: TLSFiles(
                caFile: scratch.path + "/pki/ca.pem", certFile: scratch.path + "/pki/a.pem",
                keyFile: scratch.path + "/pki/a.key", serverName: "api.internal"))
        endpoint.timeoutMilliseconds = 180_000
        endpoint.expectation.statuses = [200, 204]
        endpoint.withoutClientCertificate = .skip
        #expect(settings.endpoints == [endpoint])
        #expect(
            settings.receivers == [
                ConfiguredReceiver(
                    name: "ops", kind: .webhook,
                    settings: ReceiverSettings([
                        "url": .secret(Secret("https://ops.example.com/hook")),
                        "secret_file": .file(scratch.path + "/ops.secret"),
                    ]))
            ])
        #expect(settings.route.receivers == ["ops"] && settings.route.rules.isEmpty)
    }

    @Test func `the security level of the servers reaches every entry`() throws {
        let scratch = try Scratch()
        func level(_ defaults: String) throws -> Int? {
            let text = "\(defaults)\ncertificates: [{ name: fleet, role: client, paths: [a.pem] }]"
            return try scratch.load(text).expectations["fleet"]?.securityLevel.rawValue
        }
        #expect(try level("defaults: { security_level: 0 }") == 0)
        #expect(try level("defaults: { security_level: 3 }") == 3)
        let machine = try #require(try level("interval: 1h"))
        #expect((0...5).contains(machine), "that of this machine")
        #expect(throws: (any Error).self) { try level("defaults: { security_level: 6 }") }
    }

    @Test func `what is left out has its default`() throws {
        let scratch = try Scratch()
        let settings = try scratch.load(
            """
            endpoints:
              - { name: plain, url: "https://plain.example.com" }
              - { name: mutual, url: "https://mutual.example.com", tls_config: { cert_file: a.pem, key_file: a.key } }
            """)
        #expect(settings.stateFile == scratch.path + "/notafter.db")
        #expect(settings.interval == .hours(1))
        #expect(settings.deliverFor == TimeSpan(seconds: 300))
        #expect(settings.endpoints.map(\.timeoutMilliseconds) == [10_000, 10_000])
        #expect(settings.endpoints.map(\.expectation.statuses) == [[200], [200]])
        #expect(settings.endpoints.map(\.withoutClientCertificate) == [.skip, .refused])
        #expect(Set(settings.registrations.map(\.thresholds)) == [Registration.defaultThresholds])
        #expect(settings.route == Route(receivers: []))
    }

    @Test(arguments: [
        ("paths: [pki/a.pem]", ["fleet"]),
        ("paths: [./pki//a.pem]", ["fleet"]),
        ("paths: [pki]", ["fleet"]),
        ("paths: [pki/a]", ["fleet", "first/client"]),
        ("paths: ['pki/*.pem']", ["fleet", "first/client"]),
    ])
    func `a client certificate is registered once`(paths: String, registrations: [String]) throws {
        let settings = try Scratch().load(
            """
            certificates: [{ name: fleet, role: client, \(paths) }]
            endpoints:
              - { name: first, url: "https://a.example.com", tls_config: { cert_file: pki/a.pem, key_file: a.key } }
              - { name: second, url: "https://b.example.com", tls_config: { cert_file: pki/a.pem, key_file: a.key } }
            """)
        #expect(settings.registrations.filter { $0.role == .client }.map(\.name) == registrations)
        #expect(settings.registrations.filter { $0.role == .server }.map(\.name) == ["first", "second"])
        #expect(Set(settings.sources.map(\.registration)) == Set(registrations))
    }

    @Test func `relative paths begin at the file's directory, whatever it is called`() throws {
        let scratch = try Scratch()
        let directory = scratch.path + "/odd *? \\ name"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try scratch.write(
            Array("certificates: [{ name: a, role: ca, paths: [a.pem, '*.crt'] }]".utf8),
            to: "odd *? \\ name/notafter.yaml")
        let settings = try SettingsFile.load(path: directory + "/notafter.yaml")
        let escaped = scratch.path + "/odd \\*\\? \\\\ name"
        #expect(settings.stateFile == directory + "/notafter.db")
        #expect(settings.sources.map(\.pattern.text) == [escaped + "/a.pem", escaped + "/*.crt"])
        #expect(settings.sources.map(\.pattern.isGlob) == [false, true])
    }

    @Test func `a passphrase file belongs to all places of its entry, and to no other`() throws {
        let scratch = try Scratch()
        let settings = try scratch.load(
            """
            certificates:
              - { name: stores, role: client, paths: [a.p12, b.jks], passphrase_file: secrets/stores }
              - { name: ca, role: ca, paths: [ca.pem] }
            """)
        let file = FilePath(scratch.path + "/secrets/stores")
        #expect(settings.sources.map(\.passphraseFile) == [file, file, nil])
    }

    @Test func `a file named relatively means the same places as one named outright`() throws {
        let scratch = try Scratch()
        let outright = try scratch.load(everything)
        let depth = FileManager.default.currentDirectoryPath.split(separator: "/").count
        let relative = String(repeating: "../", count: depth) + "." + scratch.path + "/notafter.yaml"
        #expect(try SettingsFile.load(path: relative) == outright)
    }

    @Test func `names may be forward references, and labels anything in quotes`() throws {
        let settings = try Scratch().load(
            """
            certificates:
              - { name: fleet, role: client, paths: [a.pem], issuer: ca, labels: { "true": "42" }, owner: 'no' }
              - { name: ca, role: ca, paths: [ca.pem] }
            """)
        #expect(settings.registrations.first?.labels == ["true": "42"])
        #expect(settings.registrations.first?.owner == "no")
    }

    @Test(arguments: ["notafter.yaml", "minimal.yaml", "routing.yaml"])
    func `the examples load`(name: String) throws {
        let settings = try SettingsFile.load(path: repository.appending(path: "config/" + name).path)
        #expect(!settings.registrations.isEmpty && !settings.route.receivers.isEmpty)
    }

    @Test func `every example is among those`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "config").path)
        #expect(Set(files) == ["notafter.yaml", "minimal.yaml", "routing.yaml", "notafter.schema.json"])
    }
}
