import Certificates
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import TestSupport
import Testing

struct DeliveryLoopTests {
    private let now = Instant(seconds: 1_800_000_000)
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test func `a message is signed, says what expires, and is told once`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try await OutboxSample(directory, at: now)
        let receiver = try RecordingReceiver()
        let secretFile = try directory.write(secret, to: "secret")
        let loop = try await sample.loop([try receiver.configured(secretFile: secretFile)])
        let reports = try await loop.drain()
        #expect(reports.map(\.outcome) == [.delivered])
        #expect(try await loop.drain().isEmpty)

        let request = try #require(receiver.requests.first)
        #expect(receiver.requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.headers["webhook-id"] == reports.first?.messageID)
        #expect(request.headers["webhook-timestamp"] == "1800000000")
        let expected = SigningSecret(parsing: secret)?.signature(
            id: request.headers["webhook-id"] ?? "", timestamp: 1_800_000_000, body: request.body)
        #expect(request.headers["webhook-signature"] == expected)

        let body = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        let data = try #require(body["data"] as? [String: Any])
        #expect(body["type"] as? String == "certificate.expiring")
        #expect(data["days_left_at_notice"] as? Int == 10)
        #expect(data["threshold_days"] as? Double == 14)
        #expect(data["missed"] as? [Double] == [30])
        #expect(data["owner"] as? String == "platform")
        #expect(data["locations"] as? [String] == ["0.pem"])
        #expect(request.body.count < 20_000)
    }

    @Test func `a repeat carries the same id and the same bytes, and says that it may be one`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try await OutboxSample(directory, at: now)
        let receiver = try RecordingReceiver { number, _ in number == 0 ? .loseAnswer : .answer(204) }
        let loop = try await sample.loop([try receiver.configured()])
        #expect(try await loop.drain().map(\.outcome) == [.unknown])
        sample.time.advance(by: .hours(1))
        #expect(try await loop.drain().map(\.outcome) == [.delivered])
        let requests = receiver.requests
        #expect(requests.count == 2)
        #expect(Set(requests.compactMap { $0.headers["webhook-id"] }).count == 1)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(requests.map { $0.headers["x-notafter-attempt"] } == ["1", "2; possible-duplicate=1"])
    }

    @Test func `a receiver that hangs or is dead holds up nobody else`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try await OutboxSample(directory, at: now, receivers: ["dead", "ops"], certificates: 5)
        let dead = try RecordingReceiver()
        dead.stop()
        let ops = try RecordingReceiver()
        let loop = try await sample.loop([try dead.configured(as: "dead"), try ops.configured()])
        let reports = try await loop.drain()
        #expect(reports.filter { $0.receiver == "ops" }.map(\.outcome) == Array(repeating: .delivered, count: 5))
        // The gate closes after the first failure: a dead receiver costs one attempt, not one for each message.
        #expect(reports.filter { $0.receiver == "dead" }.map(\.outcome) == [.notSent])
    }

    @Test func `redirects are not followed`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try await OutboxSample(directory, at: now)
        let target = try RecordingReceiver()
        let receiver = try RecordingReceiver { _, _ in .answer(307, headers: ["Location: \(target.url)"]) }
        let loop = try await sample.loop([try receiver.configured()])
        let reports = try await loop.drain()
        #expect(reports.map(\.outcome) == [.rejected])
        #expect(reports.first?.detail.contains(target.url) == true)
        #expect(target.requests.isEmpty)
    }

    @Test func `a secret that cannot be read parks the message until it can`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try await OutboxSample(directory, at: now)
        let receiver = try RecordingReceiver()
        let configured = try receiver.configured(secretFile: directory.path(of: "secret"))
        let reports = try await sample.loop([configured]).drain()
        #expect(reports.map(\.outcome) == [.notSent])
        #expect(receiver.requests.isEmpty)
        _ = try directory.write(secret, to: "secret")
        #expect(try await sample.loop([configured]).drain().map(\.outcome) == [.delivered])
    }

    @Test func `hostile names stay one JSON string and bound the message`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try await OutboxSample(directory, at: now, certificates: 0)
        let hostile = "CN=\u{1B}[2J\"}],\n\u{202E}<script>" + String(repeating: "x", count: 100_000)
        try await sample.see("evil.pem", .sample(7, notAfter: now + .days(3), subject: hostile))
        let receiver = try RecordingReceiver()
        _ = try await sample.loop([try receiver.configured()]).drain()
        let request = try #require(receiver.requests.first)
        #expect(request.body.count < 20_000)
        #expect(!request.body.contains { $0 < 0x20 })
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(request.body)) }
    }

    @Test func `a test message reaches its receiver or says why not`() async throws {
        let directory = try TemporaryDirectory()
        let sample = try await OutboxSample(directory, at: now, certificates: 0)
        let receiver = try RecordingReceiver { number, _ in .answer(number == 0 ? 200 : 403) }
        let test = TestMessage(transfers: sample.transfers, time: sample.time)
        #expect(try await test.send(to: receiver.configured()) == nil)
        #expect(try await test.send(to: receiver.configured()) == "HTTP 403: refused")
        receiver.stop()
        #expect(try await test.send(to: receiver.configured()) != nil)
    }
}
