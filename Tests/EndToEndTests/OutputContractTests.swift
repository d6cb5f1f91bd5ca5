import Certificates
import Foundation
import TestSupport
import Testing

/// The output contract: JSON keys are only added, and nothing is printed when all is well.
struct OutputContractTests {
    private static let certificateKeys: Set = [
        "fingerprint_sha256", "subject", "issuer", "serial_number", "not_before", "not_after", "is_ca",
        "signature_algorithm", "public_key", "subject_alternative_names", "location",
    ]
    private static let statusKeys = certificateKeys.union([
        "registration", "role", "state", "stage", "effective_expiry", "seconds_left",
    ])
    private static let resultKeys: Set = [
        "outcome", "status", "alert", "http_version", "tls_version", "response_time_ms",
    ]

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    private func entries(_ key: String, of object: [String: Any]) throws -> [[String: Any]] {
        let entries = try #require(object[key] as? [[String: Any]], "\(key)")
        try #require(!entries.isEmpty, "\(key)")
        return entries
    }

    private func expectKeys(_ keys: Set<String>, in objects: [[String: Any]]) {
        for object in objects {
            #expect(keys.subtracting(object.keys) == [], "a key was taken away")
        }
    }

    @Test func `inspect prints an array, one object a certificate in file order`() async throws {
        let site = try Site()
        let leaf = try site.certificate("leaf", daysLeft: 10)
        try site.directory.write(leaf.pem + site.authority.pem, to: "chain.pem")
        let file = try await site.run(["inspect", "--json", "chain.pem"])
        let certificates = try #require(
            JSONSerialization.jsonObject(with: Data(file.output.utf8)) as? [[String: Any]])
        expectKeys(Self.certificateKeys, in: certificates)
        #expect(certificates.map { $0["subject"] as? String } == ["CN=leaf", "CN=Site CA"])
        #expect(certificates.map { $0["is_ca"] as? Bool } == [false, true])
        #expect(certificates[0]["fingerprint_sha256"] as? String == "\(leaf.fingerprint)")
        #expect(certificates[0]["not_after"] as? String == "2027-01-25T08:00:00Z")

        let pem = Array((leaf.pem + site.authority.pem).utf8)
        let piped = try await NotafterProcess.run(["inspect", "--json", "-"], standardInput: pem)
        #expect(piped.status == 0)
        let same = try #require(JSONSerialization.jsonObject(with: Data(piped.output.utf8)) as? [[String: Any]])
        #expect(
            same.map { "\($0["fingerprint_sha256"] ?? "")" } == [
                "\(leaf.fingerprint)", "\(site.authority.certificate.fingerprint)",
            ])
        let der = try await NotafterProcess.run(["inspect", "--json", "-"], standardInput: leaf.der)
        #expect(der.status == 0 && der.output.contains("\(leaf.fingerprint)"))
        #expect(try await NotafterProcess.run(["inspect", "-"]).status == 1, "nothing is no certificate")
    }

    @Test func `a certificate without an end has null for it`() async throws {
        let site = try Site()
        let eternal = try site.authority.issue(.client, commonName: "eternal", notAfter: .noWellDefinedExpiry)
        try site.directory.write(eternal.pem, to: "pki/eternal.pem")
        let listing = try object(try await site.run(["check", "--json", "pki"]).output)
        let certificate = try entries("certificates", of: listing)[0]
        for key in ["effective_expiry", "seconds_left", "stage", "registration", "role"] {
            #expect(certificate[key] is NSNull, "\(key)")
        }
    }

    @Test func `check, list and scan print certificates, defects and a summary`() async throws {
        let site = try Site()
        try site.place("a", daysLeft: 10)
        try site.directory.link("pki/bad.pem", to: "nowhere")
        let scan = try object(try await site.scan(day: 0, ["--json"]).output)
        let list = try object(try await site.run(["list", "--json"] + Site.at(day: 0)).output)
        let check = try object(
            try await site.run(["check", "--json", "--config", "notafter.yaml"] + Site.at(day: 0)).output)
        for listing in [scan, list, check] {
            expectKeys(["certificates", "defects", "summary"], in: [listing])
            let certificates = try entries("certificates", of: listing)
            expectKeys(Self.statusKeys, in: certificates)
            #expect(certificates[0]["registration"] as? String == "fleet")
            #expect(certificates[0]["role"] as? String == "client")
            #expect(certificates[0]["state"] as? String == "critical")
            #expect(certificates[0]["stage"] as? String == "14d")
            #expect(certificates[0]["effective_expiry"] as? String == "2027-01-25T08:00:00Z")
            #expect(certificates[0]["seconds_left"] as? Int == 864_000)
            let defects = try entries("defects", of: listing)
            expectKeys(["path", "reason", "message"], in: defects)
            #expect(defects[0]["reason"] as? String == "dangling_link")
            #expect((listing["summary"] as? [String: Int])?["critical"] == 1)
        }
        expectKeys(
            ["type", "registration", "stage", "severity", "fingerprint_sha256", "text"],
            in: try entries("notices", of: scan).filter { $0["type"] as? String == "certificate.expiring" })
        expectKeys(
            ["receiver", "webhook_id", "type", "attempt", "outcome", "status", "detail"],
            in: try entries("deliveries", of: scan))
    }

    @Test func `probe prints endpoints with the verdict and both probes`() async throws {
        let authority = try TestPKI.authority("Endpoint CA")
        let certificate = try authority.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        let server = try await NginxServer(certificate: certificate, clientAuthority: authority)
        let site = try Site(
            sections: """
                endpoints:
                  - name: api
                    url: "\(server.url("/health"))"
                    tls_config: { ca_file: ca.pem, cert_file: client.pem, key_file: client.key }
                """)
        let client = try authority.issue(.client, commonName: "client")
        try site.directory.write(authority.pem, to: "ca.pem")
        try site.directory.write(client.pem, to: "client.pem")
        try site.directory.write(client.keyPEM, to: "client.key")
        for arguments in [[], ["api"], [server.url("/health")]] {
            let outcome = try await site.run(["probe", "--json"] + arguments)
            #expect(outcome.status == 0)
            let endpoints = try entries("endpoints", of: try object(outcome.output))
            expectKeys(["name", "url", "verdict", "positive", "negative"], in: endpoints)
            #expect(endpoints[0]["verdict"] as? String == "enforced")
            let probes = ["positive", "negative"].compactMap { endpoints[0][$0] as? [String: Any] }
            #expect(probes.count == 2)
            expectKeys(Self.resultKeys, in: probes)
        }
        withExtendedLifetime(server) {}
    }

    @Test func `scan prints not one byte when all is well`() async throws {
        let site = try Site()
        try site.place("ok", daysLeft: 400)
        try site.place("soon", daysLeft: 10)
        for _ in 0..<2 {
            for arguments in [[], ["-q"]] {
                let outcome = try await site.scan(day: 0, arguments)
                #expect(outcome.status == 0)
                #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.output)\(outcome.errors)")
            }
        }
        #expect(site.ops.told == ["fleet/CN=soon expiring 14d"])
    }

    @Test(arguments: [
        ("", ["TERM": "xterm"], true), ("--no-color", ["TERM": "xterm"], false),
        ("", ["TERM": "xterm", "NO_COLOR": "1"], false), ("", ["TERM": "dumb"], false),
    ])
    func `a terminal gets colours unless it says no`(option: String, environment: [String: String], isColoured: Bool)
        async throws
    {
        let site = try Site()
        try site.place("soon", daysLeft: 10)
        let command = "\(NotafterProcess.executable) check pki \(option) \(Site.at(day: 0).joined(separator: " "))"
        let terminal = try RequiredTool("script").path
        let outcome = try await site.run(
            [], environment: environment, wrapper: ["/bin/sh", "-c", "exec \(terminal) -qec '\(command)' /dev/null"])
        #expect(outcome.output.contains("soon"))
        #expect(outcome.output.contains("\u{1B}[") == isColoured, "\(outcome.output.debugDescription)")
        let file = try await site.run(["check", "pki"] + Site.at(day: 0), environment: environment)
        #expect(!file.output.contains("\u{1B}"))
    }

    @Test func `a rehearsal tells what would be told then, with that time in it`() async throws {
        let site = try Site()
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        let certificate = try site.authority.issue(.client, commonName: "a", notAfter: now + .days(60))
        try site.directory.write(certificate.pem, to: "pki/a.pem")
        #expect(try await site.run(["scan"]).status == 0)
        #expect(site.ops.requests.isEmpty)
        let then = now + .days(40)
        let rehearsal = try await site.run(["scan", "--at", "\(then)", "--state", "rehearsal.db"])
        #expect(rehearsal.status == 0)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d"])
        let message = try #require(try site.ops.messages.first)
        #expect(message.timestamp == "\(then.seconds)")
        #expect(String(decoding: message.body, as: UTF8.self).contains("\"observed_at\":\"\(then)\""))
        #expect(try site.ledger.count("SELECT count(*) FROM notices") == 0, "the real ledger knows nothing of it")
        let rehearsed = LedgerFile(path: site.directory.path(of: "rehearsal.db"))
        for column in [
            "started_at FROM runs", "finished_at FROM runs", "first_seen FROM certificates",
            "first_seen FROM observations", "read_at FROM sources", "observed_at FROM notices",
            "settled_at FROM deliveries", "started_at FROM attempts",
        ] {
            #expect(try rehearsed.count("SELECT \(column)") == Int(then.seconds), "\(column)")
        }
    }

    @Test func `check agrees with openssl about every certificate of this machine`() async throws {
        let outcome = try await NotafterProcess.run(["check", "--json", "/etc/ssl/certs"])
        #expect(outcome.status != 64 && outcome.errors.isEmpty)
        let certificates = try entries("certificates", of: try object(outcome.output))
        let bundle = "/etc/ssl/certs/ca-certificates.crt"
        let listed = certificates.compactMap { $0["location"] as? String }.filter { $0.hasPrefix(bundle) }
        let dates = try Self.datesAccordingToOpenSSL(bundle)
        #expect(listed.count == dates.count)
        var seen: [String: String] = [:]
        for certificate in certificates {
            let fingerprint = try #require(certificate["fingerprint_sha256"] as? String)
            seen[fingerprint] = certificate["not_after"] as? String
        }
        for (fingerprint, notAfter) in dates {
            #expect(seen[fingerprint] == notAfter, "\(fingerprint)")
        }
    }

    /// Fingerprint and notAfter of each certificate in a bundle, according to OpenSSL.
    private static func datesAccordingToOpenSSL(_ bundle: String) throws -> [String: String] {
        let openssl = try RequiredTool("openssl").path
        let script = """
            awk -v out="$2/" '/BEGIN CERT/{n++} {print > (out n ".pem")}' "$1"
            for file in "$2"/*.pem; do
                "\(openssl)" x509 -in "$file" -noout -enddate -fingerprint -sha256 -dateopt iso_8601 | tr '\\n' ' '; echo
            done > "$3"
            """
        let scratch = try TemporaryDirectory()
        let pieces = try scratch.makeDirectory("pieces")
        try RequiredTool("sh").run(["-c", script, "sh", bundle, pieces, scratch.path(of: "dates")])
        let lines = try String(contentsOfFile: scratch.path(of: "dates"), encoding: .utf8).split(separator: "\n")
        return Dictionary(
            lines.compactMap { line -> (String, String)? in
                // notAfter=2038-01-18 23:59:59Z sha256 Fingerprint=AB:CD:...
                let fields = line.split(separator: "=").map(String.init)
                guard fields.count == 3 else { return nil }
                let notAfter = String(fields[1].prefix(20)).replacing(" ", with: "T")
                let fingerprint = fields[2].filter(\.isHexDigit).lowercased()
                return (fingerprint, notAfter)
            }, uniquingKeysWith: { first, _ in first })
    }
}
