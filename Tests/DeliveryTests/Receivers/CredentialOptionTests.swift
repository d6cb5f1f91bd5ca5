import Certificates
import CurlBinding
import Delivery
import Foundation
import TestSupport
import Testing
import TransportSecurity

/// How receivers over HTTP and proxies authenticate us.
struct CredentialOptionTests {
    private let lab: ReceiverLab

    init() throws {
        lab = try ReceiverLab()
    }

    private func login(_ username: String = "notafter") -> BasicLogin {
        BasicLogin(
            username: username,
            passwordFile: SecretFile(path: lab.directory.path(of: "secret"), key: "password_file"))
    }

    private func receiver(_ kind: ReceiverKind, _ url: String, _ further: [String: SettingValue]) throws
        -> ConfiguredReceiver
    {
        let address: [String: SettingValue] =
            kind == .alertmanager ? ["urls": .list([url])] : ["url": .secret(Secret(url))]
        return try #require(
            ConfiguredReceiver(
                name: "lab", kind: kind, settings: ReceiverSettings(address.merging(further) { $1 })))
    }

    @Test(arguments: [ReceiverKind.webhook, .alertmanager])
    func `a user name and a password from a file are sent as HTTP has it`(kind: ReceiverKind) async throws {
        let service = try RecordingReceiver()
        let receiver = try receiver(kind, service.url, ["basic_auth": .login(login())])
        #expect(
            try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver).outcome
                == .delivered)
        let expected = Data("notafter:\(ReceiverLab.secret)".utf8).base64EncodedString()
        #expect(service.requests.first?.headers["authorization"] == "Basic \(expected)")
    }

    @Test(arguments: [ReceiverKind.webhook, .alertmanager])
    func `values of headers come from files, which are read anew`(kind: ReceiverKind) async throws {
        let service = try RecordingReceiver()
        let file = SecretFile(path: lab.directory.path(of: "api.key"), key: "http_headers.Authorization")
        let headers = [
            SecretHeader(name: "Authorization", values: [], files: [file]),
            SecretHeader(name: "X-Tenant", values: ["edge"], files: []),
        ]
        let receiver = try receiver(kind, service.url, ["http_headers": .secretHeaders(headers)])
        for key in ["Splunk one", "Splunk two"] {
            try lab.directory.write(key + "\n", to: "api.key")
            _ = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
            #expect(service.requests.last?.headers["authorization"] == key)
            #expect(service.requests.last?.headers["x-tenant"] == "edge")
        }
    }

    @Test(arguments: [401, 500])
    func `what the service says back holds neither the password nor what is made of it`(status: Int) async throws {
        let service = try RecordingReceiver { _, request in
            .answer(status, body: "no: \(request.headers["authorization"] ?? "") \(ReceiverLab.secret)")
        }
        let receiver = try receiver(.webhook, service.url, ["basic_auth": .login(login())])
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        let encoded = Data("notafter:\(ReceiverLab.secret)".utf8).base64EncodedString()
        #expect(!verdict.detail.contains(ReceiverLab.secret) && !verdict.detail.contains(encoded), "\(verdict.detail)")
    }

    @Test func `a proxy that asks for a password gets it, and the receiver does not`() async throws {
        let proxy = try ConnectProxy(user: "notafter", password: ReceiverLab.secret)
        let service = try RecordingReceiver()
        func through(_ username: String?) throws -> ConfiguredReceiver {
            var settings: [String: SettingValue] = ["proxy": .text(proxy.url)]
            if let username { settings["proxy_basic_auth"] = .login(login(username)) }
            return try receiver(.webhook, service.url, settings)
        }
        let message = try receiver(.webhook, service.url, [:]).composer.testMessage(at: ReceiverLab.now)
        #expect(try await lab.send(message, to: through("notafter")).outcome == .delivered)
        #expect(service.requests.first?.headers["proxy-authorization"] == nil)
        for username in [nil, "somebody"] {
            let verdict = try await lab.send(message, to: through(username))
            #expect(verdict.outcome == .notSent && verdict.detail.contains("407"), "\(verdict.detail)")
        }
        #expect(service.requests.count == 1)
    }

    /// Records the schemes of transfers and answers 200.
    private final class Performer: TransferPerforming {
        let schemes: @Sendable (Transfer.Schemes) -> Void

        init(_ schemes: @escaping @Sendable (Transfer.Schemes) -> Void) {
            self.schemes = schemes
        }

        func perform(_ transfer: Transfer) async -> TransferResult {
            schemes(transfer.schemes)
            return TransferResult(code: .ok, message: "", status: 200)
        }
    }

    @Test(arguments: [
        ("http://hook.lan.example/", true, Transfer.Schemes.httpsOrHTTP),
        ("http://hook.lan.example/", false, .https),
        ("https://hook.lan.example/", false, .https),
        ("http://127.0.0.1/", false, .httpsOrHTTP),
    ])
    func `http leaves this machine only where it may`(url: String, isAllowed: Bool, schemes: Transfer.Schemes)
        async throws
    {
        let receiver = try receiver(.webhook, url, isAllowed ? ["allow_http": .flag(true)] : [:])
        let message = try receiver.composer.testMessage(at: ReceiverLab.now)
        await confirmation { sent in
            let performer = Performer {
                #expect($0 == schemes)
                sent()
            }
            let sender = HTTPSender(
                transfers: performer, credentials: CredentialStore(), limit: TimeSpan(seconds: 30), at: ReceiverLab.now)
            let attempt = Attempt(id: message.id, type: .test, body: [0x7B, 0x7D], now: ReceiverLab.now)
            _ = try? await receiver.receiver.send(attempt, through: sender)
        }
    }
}
