import Certificates
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import TestSupport
import Testing

/// docs/webhook.md and docs/webhook.schema.json say what the code does.
struct MessageContractTests {
    private static let docs = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs")

    private func schema() throws -> [String: Any] {
        let data = try Data(contentsOf: Self.docs.appendingPathComponent("webhook.schema.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// A message in which every key has a value.
    private func fullest() throws -> [String: Any] {
        let now = Instant(seconds: 1_800_000_000)
        let facts = NoticeFacts(
            identity: NoticeIdentity(subject: "certificate:00", kind: .renewed, stage: 2_592_000, episode: 1),
            registration: "fleet", severity: .warning, message: nil, occurredAt: now, observedAt: now,
            missed: [.before(.days(90))], notObservedSince: now - .days(1),
            object: .certificate(.sample(1, notAfter: now + .days(30))),
            successor: .certificate(.sample(2, notAfter: now + .days(300))),
            locations: [.file(FilePath("a.pem"), index: 0)], askedAt: now)
        let registration = Registration(name: "fleet", role: .client, owner: "platform")
        let bytes = try NativeMessage(facts, registration: registration, id: "na_x").encoded()
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func `the schema has exactly the keys that a message can have`() throws {
        let schema = try schema()
        let message = try fullest()
        let definitions = try #require(schema["definitions"] as? [String: [String: Any]])
        func properties(_ object: [String: Any]?) -> Set<String> {
            Set((object?["properties"] as? [String: Any] ?? [:]).keys)
        }
        let data = try #require(message["data"] as? [String: Any])
        let certificate = try #require(data["certificate"] as? [String: Any])
        #expect(properties(schema) == Set(message.keys))
        #expect(properties(definitions["data"]) == Set(data.keys))
        #expect(properties(definitions["certificate"]) == Set(certificate.keys))
    }

    @Test func `schema and documentation name every type of message`() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        #expect(properties["type"]?["enum"] as? [String] == MessageType.allCases.map(\.rawValue))
        let page = try String(contentsOf: Self.docs.appendingPathComponent("webhook.md"), encoding: .utf8)
        for type in MessageType.allCases {
            #expect(page.contains("| `\(type.rawValue)` |"))
        }
        let data = try #require(try fullest()["data"] as? [String: Any])
        for key in data.keys {
            #expect(page.contains("`\(key)`") || page.contains("\"\(key)\""), "\(key)")
        }
    }
}
