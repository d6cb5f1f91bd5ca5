import Certificates
import CurlBinding
import Delivery
import Foundation
import LedgerStorage
import TestSupport
import Testing
import TransportSecurity

/// The connections and formats of webhooks.
struct WebhookOptionTests {
    private let lab: ReceiverLab

    init() throws {
        lab = try ReceiverLab()
    }

    @Test func `fixed headers and the bearer token are sent, beside ours`() async throws {
        let service = try RecordingReceiver()
        let receiver = try lab.receiver(
            .webhook, at: service.url, further: ["headers": .mapping(["X-Environment": "production", "X-Empty": ""])])
        #expect(
            try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver).outcome
                == .delivered)
        let headers = try #require(service.requests.first?.headers)
        #expect(headers["x-environment"] == "production" && headers["x-empty"] == "")
        #expect(headers["authorization"] == "Bearer \(ReceiverLab.secret)")
        #expect(headers["idempotency-key"] == headers["webhook-id"])
    }

    /// The vectors of Standard Webhooks 1.0, as in SignatureTests.
    @Test func `while a secret is rotated, messages are signed with both`() async throws {
        try lab.directory.write(
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
            to: "signing")
        let service = try RecordingReceiver()
        let receiver = try lab.receiver(.webhook, at: service.url)
        let attempt = Attempt(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", type: .test, body: Array(#"{"test": 2432232314}"#.utf8),
            now: Instant(seconds: 1_614_265_330))
        let sender = HTTPSender(
            transfers: lab.transfers, credentials: CredentialStore(), limit: TimeSpan(seconds: 30), at: attempt.now)
        #expect(try await receiver.receiver.send(attempt, through: sender).outcome == .delivered)
        #expect(
            service.requests.first?.headers["webhook-signature"]
                == "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a client certificate is presented to a server that demands one`() async throws {
        let authority = try TestPKI.authority("Hook CA")
        let server = try await NginxServer(
            certificate: try authority.issue(
                .server, commonName: "localhost", alternativeNames: [.dns("localhost")]),
            clientAuthority: authority)
        let client = try authority.issue(.client, commonName: "notafter")
        let directory = lab.directory
        try directory.write(authority.pem, to: "ca.pem")
        try directory.write(client.pem, to: "client.pem")
        try directory.write(client.keyPEM, to: "client.key")
        let message = try lab.receiver(.webhook, at: server.url("")).composer.testMessage(at: ReceiverLab.now)
        let files = TLSFiles(
            caFile: directory.path(of: "ca.pem"), certFile: directory.path(of: "client.pem"),
            keyFile: directory.path(of: "client.key"))
        let with = try lab.receiver(.webhook, at: server.url("/x"), further: ["tls_config": .tls(files)])
        #expect(try await lab.send(message, to: with).outcome == .delivered)
        let onlyCA = TLSFiles(caFile: directory.path(of: "ca.pem"))
        let without = try lab.receiver(.webhook, at: server.url("/x"), further: ["tls_config": .tls(onlyCA)])
        #expect(try await lab.send(message, to: without).status == 400)
        let untrusting = try lab.receiver(.webhook, at: server.url("/x"))
        #expect(try await lab.send(message, to: untrusting).outcome == .notSent)
    }

    @Test func `requests go through the proxy that is named, in a tunnel`() async throws {
        let proxy = try ConnectProxy()
        let service = try RecordingReceiver()
        let receiver = try lab.receiver(.slack, at: service.url, further: ["proxy": .text(proxy.url)])
        service.behave { _, _ in .answer(200, body: "ok") }
        let message = try receiver.composer.testMessage(at: ReceiverLab.now)
        #expect(try await lab.send(message, to: receiver).outcome == .delivered)
        // The URL's token is for the service only. The proxy sees host and port.
        #expect(try proxy.nextRequest() == "CONNECT 127.0.0.1:\(service.port) HTTP/1.1")
        service.stop()
        #expect(try await lab.send(message, to: receiver).outcome == .notSent)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
    func `an address that the egress policy refuses is never connected to, however it is written`(
        host: String
    ) async throws {
        let service = try RecordingReceiver()
        let url = "http://\(host):\(service.port)/hook"
        func transfer(_ policy: EgressPolicy) -> Transfer {
            Transfer(
                url: url, method: .post(body: [1]), schemes: .httpsOrHTTP, admits: { policy.admits($0) })
        }
        let refused = await lab.transfers.perform(transfer(EgressPolicy(rule: .publicOnly)))
        #expect(refused.code == .connectFailed && refused.uploadedBytes == 0)
        #expect(refused.message.hasSuffix("is refused by the egress policy"), "\(refused.message)")
        #expect(service.requests.isEmpty)
        let range = try #require(AddressRange(parsing: "127.0.0.0/8"))
        let allowed = await lab.transfers.perform(transfer(EgressPolicy(rule: .publicOnly, allowed: [range])))
        #expect(host.contains(":") || allowed.status == 200, "\(allowed.message)")
    }

    @Test func `a receiver whose address is refused says so, and its message was not sent`() async throws {
        let service = try RecordingReceiver()
        let receiver = try lab.receiver(.webhook, at: service.url, further: ["egress": .text("public-only")])
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .notSent)
        #expect(verdict.detail == "not sent: the address 127.0.0.1 is refused by the egress policy")
    }
}

/// The tables of special addresses.
struct EgressPolicyTests {
    static func bytes(_ text: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &bytes) == 1 { return bytes }
        return inet_pton(AF_INET, text, &bytes) == 1 ? Array(bytes[..<4]) : []
    }

    @Test(arguments: [
        "169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200", "168.63.129.16",
    ])
    func `metadata is refused by default`(address: String) {
        #expect(!EgressPolicy().admits(Self.bytes(address)))
        #expect(!EgressPolicy(rule: .publicOnly).admits(Self.bytes(address)))
        #expect(EgressPolicy(rule: .any).admits(Self.bytes(address)))
    }

    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
        "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "100::1", "2001:db8::1", "2002:a00:1::",
        "3fff::1", "5f00::1", "fc00::1", "fdff::1", "ff02::1",
    ])
    func `what is not public is refused where only public is taken`(address: String) {
        #expect(!EgressPolicy(rule: .publicOnly).admits(Self.bytes(address)))
        #expect(EgressPolicy().admits(Self.bytes(address)))
    }

    @Test(arguments: ["1.1.1.1", "8.8.8.8", "172.32.0.1", "198.20.0.1", "2606:4700::1111", "2001:4860:4860::8888"])
    func `public addresses are taken`(address: String) {
        #expect(EgressPolicy(rule: .publicOnly).admits(Self.bytes(address)))
    }

    @Test func `a range that is allowed is an exception, and no wider than it says`() throws {
        let range = try #require(AddressRange(parsing: "10.20.0.0/15"))
        let policy = EgressPolicy(rule: .publicOnly, allowed: [range])
        #expect(policy.admits(Self.bytes("10.21.255.255")) && policy.admits(Self.bytes("::ffff:10.20.0.1")))
        #expect(!policy.admits(Self.bytes("10.22.0.0")) && !policy.admits(Self.bytes("10.19.255.255")))
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "::/129", "example.com", "1/2/3",
    ])
    func `what is no range is refused`(text: String) {
        #expect(AddressRange(parsing: text) == nil)
    }
}
