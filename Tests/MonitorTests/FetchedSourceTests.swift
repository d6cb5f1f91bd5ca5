import Certificates
import ExpiryRules
import SourceReading
import LedgerStorage
import TestSupport
import Testing
import TransportSecurity

@testable import Monitor

/// The step of a pass that runs commands and fetches URLs.
struct FetchedSourceTests {
    private let world: MonitorWorld
    private let authority: TestAuthority

    init() throws {
        world = try MonitorWorld()
        authority = try TestPKI.authority("Fleet CA")
    }

    private func command(_ words: String...) -> CommandSource {
        CommandSource(registration: "fleet", command: words, timeout: TimeSpan(seconds: 30))
    }

    private func url(_ receiver: RecordingReceiver) -> URLSource {
        URLSource(
            registration: "fleet", url: receiver.url, tls: TLSFiles(), timeout: TimeSpan(seconds: 30),
            plaintext: .anywhere)
    }

    private func pem(in days: Int64) throws -> String {
        try authority.issue(.client, commonName: "a", notAfter: MonitorWorld.start + .days(days)).pem
    }

    @Test func `the output of a command is recorded like a file`() async throws {
        try world.directory.write(pem(in: 20), to: "out.pem")
        let source = command("/bin/cat", world.directory.path(of: "out.pem"))
        #expect(try await world.observe(source, world.plan()).count == 1)
        #expect(try await world.watched() == ["fleet CN=a"])
        #expect(try await world.observe(source, world.plan()).isEmpty)
    }

    @Test func `a command that fails twice is a finding, and what it showed stays known`() async throws {
        try world.directory.write(pem(in: 400), to: "out.pem")
        let source = command("/bin/cat", world.directory.path(of: "out.pem"))
        _ = try await world.observe(source, world.plan())
        try world.directory.remove("out.pem")
        _ = try await world.observe(source, world.plan())
        #expect(try await world.openFindings() == [])
        _ = try await world.observe(source, world.plan())
        #expect(try await world.openFindings() == [.lostFromSight])
        #expect(try await world.watched() == ["fleet CN=a"])
    }

    @Test func `output without a certificate is named as what it is`() async throws {
        let source = command("/bin/echo", "no certificate here")
        _ = try await world.observe(source, world.plan())
        let defects = try await world.ledger.defects()
        #expect(defects.map(\.path) == [source.place])
    }

    @Test func `unchanged content of a URL is asked for by its ETag, and stays known`() async throws {
        let body = try pem(in: 400)
        let receiver = try RecordingReceiver { number, _ in
            number == 0 ? .answer(200, headers: ["ETag: \"1\""], body: body) : .answer(304)
        }
        _ = try await world.observe(url(receiver), world.plan())
        _ = try await world.observe(url(receiver), world.plan())
        let validators = receiver.requests.map { $0.headers["if-none-match"] ?? "none" }
        #expect(validators == ["none", "\"1\""])
        #expect(try await world.watched() == ["fleet CN=a"])
    }
}
