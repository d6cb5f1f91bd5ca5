import Certificates
import Foundation
import TestSupport
import Testing

/// `notafter verify` as a script in front of a backend uses it.
struct VerifyCommandTests {
    private let directory: TemporaryDirectory
    private let authority: TestAuthority
    private let client: IssuedCertificate

    init() throws {
        directory = try TemporaryDirectory()
        authority = try TestPKI.authority("Lab CA")
        client = try authority.issue(.client, commonName: "device-1", notAfter: Site.start + .days(10))
        let other = try TestPKI.authority("Other CA").issue(.client, commonName: "device-1")
        try directory.write(authority.pem, to: "ca.pem")
        try directory.write(client.pem, to: "client.pem")
        try directory.write(client.keyPEM, to: "client.key")
        try directory.write(other.pem, to: "other.pem")
        try directory.write("-----BEGIN CERTIFICATE-----\nMII\n", to: "broken.pem")
        try directory.write(authority.revocationList(), to: "list.pem")
        let list = try RequiredTool("openssl").output(["crl", "-in", directory.path(of: "list.pem"), "-outform", "DER"])
        try directory.write(list, to: "list.der")
        try directory.write(Data(list).base64EncodedString(options: .lineLength76Characters), to: "list.b64")
        try directory.write("", to: "empty")
    }

    private func verify(
        _ arguments: [String], input: String = "", day: Int64 = 0
    ) async throws -> NotafterProcess.Outcome {
        try await NotafterProcess.run(
            ["verify"] + arguments + Site.at(day: day), directory: directory.path, standardInput: Array(input.utf8))
    }

    private func results(_ outcome: NotafterProcess.Outcome) throws -> [String: Bool] {
        let data = Data(outcome.output.utf8)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any], "\(outcome)")
        #expect(object["holds"] as? Bool == (outcome.status == 0))
        let checks = try #require(object["checks"] as? [[String: Any]])
        return try checks.reduce(into: [:]) { results, check in
            #expect((check["message"] as? String)?.isEmpty == false)
            results[try #require(check["check"] as? String)] = try #require(check["holds"] as? Bool)
        }
    }

    @Test func `a certificate that holds in all respects is let in`() async throws {
        let outcome = try await verify([
            "client.pem", "--json", "--ca", "ca.pem", "--common-name", "device-*", "--issuer", "Lab CA", "--crl",
            "list.pem", "--purpose", "client", "--fingerprint", client.fingerprint.description, "--key", "client.key",
        ])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        let names = [
            "x509", "common_name", "validity", "issuer", "signature", "purpose", "revocation", "fingerprint", "key",
        ]
        #expect(try results(outcome) == Dictionary(uniqueKeysWithValues: names.map { ($0, true) }))
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let certificate = try #require(object["certificate"] as? [String: Any])
        #expect(certificate["fingerprint_sha256"] as? String == client.fingerprint.description)
    }

    /// The arguments, and the check that fails.
    @Test(arguments: [
        (["client.pem", "--ca", "ca.pem", "--common-name", "device-2"], "common_name", 0),
        (["client.pem", "--ca", "ca.pem"], "validity", 11),
        (["client.pem", "--ca", "ca.pem", "--issuer", "Other CA"], "issuer", 0),
        (["other.pem", "--ca", "ca.pem"], "signature", 0),
        (["client.pem", "--ca", "ca.pem", "--purpose", "server"], "purpose", 0),
        (["client.pem", "--fingerprint", String(repeating: "0", count: 64)], "fingerprint", 0),
        (["client.pem", "--profile", "aws-trust-store"], "profile", 0),
        (["ca.pem", "--key", "client.key"], "key", 0), (["broken.pem", "--ca", "ca.pem"], "x509", 0),
    ])
    func `one check that does not hold refuses the certificate`(
        arguments: [String], check: String, day: Int64
    ) async throws {
        let outcome = try await verify(arguments + ["--json"], day: day)
        #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
        #expect(try results(outcome).filter { !$0.value }.map(\.key) == [check])
        #expect(try await verify(arguments + ["-q"], day: day).output.contains("FAILS"))
    }

    @Test(arguments: [
        ["client.key"], ["empty"], ["nowhere.pem"], ["."], ["client.pem", "--ca", "nowhere.pem"],
        ["client.pem", "--ca", "client.key"], ["client.pem", "--ca", "ca.pem", "--crl", "ca.pem"],
        ["client.pem", "--key", "nowhere.key"], ["--header", "Client-Cert", "--ca", "ca.pem"],
    ])
    func `nothing to judge is 3`(arguments: [String]) async throws {
        let outcome = try await verify(arguments)
        #expect(outcome.status == 3, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("notafter: "))
    }

    @Test(arguments: [
        [], ["client.pem", "--header", "Client-Cert"], ["client.pem", "--crl", "list.pem"],
        ["client.pem", "--purpose", "both"], ["client.pem", "--profile", "none"],
        ["client.pem", "--fingerprint", "ab"], ["client.pem", "--key-passphrase-file", "empty"],
    ])
    func `a usage error is 64`(arguments: [String]) async throws {
        #expect(try await verify(arguments).status == 64)
    }

    @Test(arguments: ["list.pem", "list.der", "list.b64"])
    func `a revocation list is read in any form`(list: String) async throws {
        #expect(try await verify(["client.pem", "--ca", "ca.pem", "--crl", list]).status == 0)
    }

    @Test func `a revoked certificate is told with date and reason`() async throws {
        var template = CertificateTemplate(.client, commonName: "device-1")
        template.serial = [0x42]
        let client = try authority.issue(template)
        try directory.write(client.pem, to: "client.pem")
        let entry = RevocationListTemplate.Entry([0x42], revokedAt: Instant(seconds: 1_700_000_000), reason: 1)
        let list = try authority.revocationList { $0.entries = [entry] }
        try directory.write(list, to: "revoking.pem")
        let outcome = try await verify(["client.pem", "--ca", "ca.pem", "--crl", "revoking.pem", "--json"])
        #expect(try results(outcome).filter { !$0.value }.map(\.key) == ["revocation"])
        let object = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let revocation = try #require((object["revocations"] as? [[String: Any]])?.first)
        #expect(revocation["revoked_at"] as? String == "2023-11-14T22:13:20Z")
        #expect(revocation["reason"] as? String == "keyCompromise")
        #expect(revocation["fingerprint_sha256"] as? String == client.fingerprint.description)
    }

    @Test func `passphrases open an archive, a trust store and a key`() async throws {
        let openssl = try RequiredTool("openssl")
        let path = directory.path(of:)
        for (name, phrase) in [("right", "open"), ("wrong", "shut")] { try directory.write(phrase + "\n", to: name) }
        _ = try openssl.output([
            "pkcs12", "-export", "-in", path("client.pem"), "-inkey", path("client.key"), "-out", path("client.p12"),
            "-passout", "pass:open",
        ])
        _ = try openssl.output([
            "pkcs12", "-export", "-nokeys", "-in", path("ca.pem"), "-out", path("ca.p12"), "-passout", "pass:open",
        ])
        let encrypted = [
            "pkcs8", "-topk8", "-in", path("client.key"), "-out", path("closed.key"), "-passout", "pass:open",
        ]
        _ = try openssl.output(encrypted)
        let opened = ["client.p12", "--ca", "ca.p12", "--json", "--key", "closed.key"]
        let fine = try await verify(
            opened + ["--passphrase-file", "right", "--key-passphrase-file", "right"])
        #expect(try results(fine) == ["x509": true, "validity": true, "signature": true, "key": true])
        for arguments in [[], ["--key-passphrase-file", "wrong"]] {
            let closed = try await verify(opened + ["--passphrase-file", "right"] + arguments)
            #expect(try results(closed).filter { !$0.value }.map(\.key) == ["key"])
        }
        #expect(try await verify(opened + ["--passphrase-file", "wrong"]).status == 3)
        #expect(
            try await verify(opened + ["--passphrase-file", "nowhere"]).errors.contains("nowhere: it does not exist"))
        let archive = try await verify(["client.p12", "--json"])
        #expect(try results(archive) == ["x509": false])
    }

    @Test func `a forwarded header is judged like a file`() async throws {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "+=/"))
        let value = try #require(client.pem.addingPercentEncoding(withAllowedCharacters: allowed))
        for input in [value, "X-Amzn-Mtls-Clientcert: \(value)\r\n"] {
            let outcome = try await verify(
                ["--header", "X-Amzn-Mtls-Clientcert", "--ca", "ca.pem", "--json"], input: input)
            #expect(outcome.status == 0)
            #expect(try results(outcome) == ["x509": true, "validity": true, "signature": true])
        }
    }

    @Test func `quiet says nothing of what holds, and a missing CA is said`() async throws {
        let fine = try await verify(["client.pem", "--ca", "ca.pem", "-q"])
        #expect(fine.status == 0 && fine.output.isEmpty && fine.errors.isEmpty)
        let unsigned = try await verify(["client.pem"])
        #expect(unsigned.status == 0 && unsigned.errors.contains("no signature was checked"))
    }

    @Test func `several files are an array, and the worst decides`() async throws {
        let outcome = try await verify(["client.pem", "other.pem", "empty", "--ca", "ca.pem", "--json"])
        #expect(outcome.status == 2)
        let array = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(array.map { $0["holds"] as? Bool } == [true, false])
    }

    @Test func `what a certificate says moves no cursor`() async throws {
        let hostile = try authority.issue(.client, commonName: "\u{1B}[2J\u{202E}evil\nok    x509")
        try directory.write(hostile.pem, to: "hostile.pem")
        for arguments in [["--ca", "ca.pem"], ["--common-name", "x"], ["--json"]] {
            let outcome = try await verify(["hostile.pem"] + arguments)
            #expect(outcome.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" })
        }
    }
}
