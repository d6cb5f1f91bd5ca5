import Certificates
import Foundation
import TestSupport
import Testing

/// Places that contain no certificate, or cannot be read.
struct PlaceTests {
    @Test(arguments: [
        ("server.crt", "<html>404</html>", "it holds no certificate: it is an HTML or XML document"),
        ("empty.pem", "", "it holds no certificate: it is empty"),
        (
            "tls.csr", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n",
            "it holds no certificate: it is a certificate request (CSR), which a CA has yet to sign"
        ),
        (
            "ca.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
            "it holds no certificate: it is a private key"
        ),
        ("notes.txt", "nothing\n", "it holds no certificate"),
    ])
    func `each target and each registered place without a certificate is named, and check is unknown`(
        name: String, content: String, sentence: String
    ) async throws {
        let site = try Site(paths: "[pki, \(name)]")
        try site.place("good", daysLeft: 400)
        try site.directory.write(content, to: name)
        let place = site.directory.path(of: name)
        for target in [["pki", name], ["--config", "notafter.yaml"]] {
            let outcome = try await site.run(["check"] + target + Site.at(day: 0))
            #expect(outcome.status == 3, "\(outcome.output)")
            #expect(
                outcome.output.hasPrefix("UNKNOWN - "), "\(outcome.output)")
            let path = target.first == "pki" ? name : place
            #expect(outcome.output.contains("  unreadable  \(path): \(sentence)\n"), "\(outcome.output)")
        }
        try await site.scan(day: 0)
        #expect(
            try site.ops.requests.contains {
                try Message($0).type == "registration.finding" && $0.text.contains(sentence)
            })
    }

    @Test(arguments: [("true", "it holds no certificate: it is empty"), ("echo hello", "it holds no certificate")])
    func `a command without a certificate is named beside a good place`(command: String, sentence: String) async throws
    {
        let site = try Site()
        try site.place("good", daysLeft: 400)
        let arguments = command.split(separator: " ").joined(separator: ", ")
        try site.directory.write(
            "certificates:\n  - { name: a, role: client, paths: [pki] }\n"
                + "  - { name: b, role: client, exec: [\(arguments)] }\n", to: "notafter.yaml")
        let outcome = try await site.run(["check", "--config", "notafter.yaml"] + Site.at(day: 0))
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("  unreadable  exec \(command): \(sentence)\n"), "\(outcome.output)")
    }

    @Test func `a directory without a certificate is named`() async throws {
        let site = try Site()
        let outcome = try await site.run(["check", "pki"] + Site.at(day: 0))
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("  unreadable  pki: no certificate is there\n"), "\(outcome.output)")
    }

    @Test func `a registered list is a list, and a certificate in its place is none`() async throws {
        let site = try Site()
        try site.place("good", daysLeft: 400)
        try site.directory.write("revocation_lists: [{ name: crl, paths: [pki/good.pem] }]\n", to: "notafter.yaml")
        let outcome = try await site.run(["check", "--config", "notafter.yaml"] + Site.at(day: 0))
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("/pki/good.pem: no revocation list is there\n"), "\(outcome.output)")
    }

    @Test func `a closed key and a huge file beside certificates leave check as it is`() async throws {
        let site = try Site()
        try site.place("good", daysLeft: 400)
        try site.directory.write("key", to: "pki/good.key")
        try #require(chmod(site.directory.path(of: "pki/good.key"), 0) == 0)
        try site.directory.write("", to: "pki/GeoIP.mmdb")
        try #require(truncate(site.directory.path(of: "pki/GeoIP.mmdb"), 1 << 30) == 0)
        let ordinary = try OrdinaryRights.wrapper
        let check = try await site.run(["check", "pki"] + Site.at(day: 0), wrapper: ordinary)
        #expect(check.status == 0, "\(check.output)")
        #expect(try await site.run(["scan", "-q"] + Site.at(day: 0), wrapper: ordinary).status == 0)
        let list = try await site.run(["list"] + Site.at(day: 0), wrapper: ordinary)
        #expect(!list.output.contains("unreadable"), "\(list.output)")
        #expect(site.ops.requests.isEmpty)
    }

    @Test func `names that are not UTF-8 are read as arguments, and as where the configuration lies`() async throws {
        let site = try Site()
        let certificate = try site.certificate("good", daysLeft: 400)
        try site.directory.write(certificate.pem, to: "plain.pem")
        let script = """
            d=$(printf 'caf\\351'); mkdir "$d" && cp plain.pem "$d/$d.pem" || exit 9
            printf 'certificates: [{ name: a, role: client, paths: [plain.pem] }]\\n' > "$d/notafter.yaml"
            cp plain.pem "$d/"; "$1" check "$d"/*.pem --at "$2" && "$1" inspect -q "$d/$d.pem" > /dev/null &&
            "$1" check --config "$d/notafter.yaml" --at "$2" && "$1" verify "$d/$d.pem" --at "$2" &&
            cd "$d" && "$1" check --config notafter.yaml --at "$2"
            """
        let outcome = try await site.run(
            [Site.start.description], wrapper: ["/bin/sh", "-c", script, "sh"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test func `foreign text brings no performance data into the output of check`() async throws {
        let site = try Site()
        let certificate = try site.authority.issue(
            .client, commonName: "a|b=1;2\nOK", notAfter: Site.start + .days(400))
        try site.directory.write(certificate.pem, to: "pki/c|d=3.pem")
        try site.directory.write("", to: "pki/e|f.crt")
        let outcome = try await site.run(["check", "pki"] + Site.at(day: 0))
        #expect(outcome.status == 3)
        #expect(!outcome.output.contains("|"), "\(outcome.output)")
        #expect(outcome.output.split(separator: "\n").count == 3, "\(outcome.output)")
    }

    @Test(arguments: ["directory", "file", "link"])
    func `what was never readable is told from the first pass on, makes a bad pass, and is over in the end`(
        kind: String
    )
        async throws
    {
        let heart = try RecordingReceiver()
        let site = try Site(sections: "heartbeat: { url: \"http://127.0.0.1:\(heart.port)/\" }")
        try site.place("good", daysLeft: 40_000)
        let hidden = try site.certificate("hidden", daysLeft: 40_000)
        let name: String
        switch kind {
        case "directory":
            name = "pki/etcd"
            try site.directory.write(hidden.pem, to: "pki/etcd/server.crt")
        case "file":
            name = "pki/hidden.pem"
            try site.directory.write(hidden.pem, to: name)
        default:
            name = "pki/site"
            try site.directory.write(hidden.pem, to: "outside/cert.pem")
            try site.directory.link(name, to: "../outside")
        }
        let path = site.directory.path(of: name)
        if kind != "link" { try #require(chmod(path, 0) == 0) }
        let ordinary = try OrdinaryRights.wrapper
        _ = try await site.run(["scan"], wrapper: ordinary)
        #expect(site.ops.requests.count == 1)
        let told = try #require(site.ops.requests.first)
        #expect(told.text.contains(name.dropFirst(4)) && told.text.contains("cannot be read"), "\(told.text)")
        #expect(heart.requests.map(\.path) == ["/fail"])
        _ = try await site.run(["scan"], wrapper: ordinary)
        #expect(site.ops.requests.count == 1, "told once")
        if kind == "link" {
            try FileManager.default.removeItem(atPath: path)
        } else {
            try #require(chmod(path, 0o755) == 0)
        }
        _ = try await site.run(["scan"], wrapper: ordinary)
        #expect(site.ops.requests.count == 2)
        #expect(heart.requests.last?.path == "/")
    }

    @Test func `one failed read of a command between two good ones pages nobody, and two in a row do`() async throws {
        let heart = try RecordingReceiver()
        let site = try Site(
            paths: "[pki], exec: [/bin/sh, -c, \"cat out.pem\"], failures_before_alert: 2",
            sections: "heartbeat: { url: \"http://127.0.0.1:\(heart.port)/\" }")
        try site.place("good", daysLeft: 40_000)
        let pem = try site.certificate("printed", daysLeft: 40_000).pem
        for isGood in [true, false, true, false, false, true] {
            if isGood {
                try site.directory.write(pem, to: "out.pem")
            } else {
                // It may be removed already.
                try? FileManager.default.removeItem(atPath: site.directory.path(of: "out.pem"))
            }
            _ = try await site.run(["scan"])
        }
        #expect(heart.requests.map(\.path) == ["/", "/", "/", "/", "/fail", "/"])
        #expect(try site.ops.messages.map(\.type) == ["registration.finding", "registration.recovered"])
    }
}
