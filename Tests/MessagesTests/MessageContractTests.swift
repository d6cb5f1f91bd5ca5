import Certificates
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing

/// docs/webhook.md and docs/webhook.schema.json describe what the code does.
struct MessageContractTests {
    private static let docs = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs")

    private func schema() throws -> [String: Any] {
        let data = try Data(contentsOf: Self.docs.appendingPathComponent("webhook.schema.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private let now = Instant(seconds: 1_800_000_000)

    /// Messages that together have a value for every key.
    private func fullest() throws -> [[String: Any]] {
        let list = RevocationList(
            fingerprint: Certificate.sample(3, notAfter: now).fingerprint, issuer: "CN=CA", thisUpdate: now,
            nextUpdate: now + .days(7), number: SerialNumber(octets: [1]), deltaBase: nil,
            signatureAlgorithm: "ecdsa-with-SHA256", authorityKeyIdentifier: nil, revokedCount: 0)
        let objects: [WatchedObject] = [.certificate(.sample(1, notAfter: now + .days(30))), .revocationList(list)]
        return try objects.map { try message(about: $0) } + [
            digest(of: objects), message([NoticeSample.summaryFacts()]),
        ]
    }

    private func digest(of objects: [WatchedObject]) throws -> [String: Any] {
        try message(objects.map(facts))
    }

    private func message(
        _ notices: [NoticeFacts], about registrations: [Registration] = []
    ) throws -> [String: Any] {
        let composer = MessageComposer(receiver: "ops", language: .english, markup: .plain, template: .builtIn)
        let plan = WatchPlan(registrations: registrations, route: Route(receivers: []))
        let body = try NativeMessage.encoded(try composer.message(MessageContent(notices: notices), plan: plan))
        return try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }

    private func message(about object: WatchedObject) throws -> [String: Any] {
        try message([facts(about: object)], about: [Registration(name: "fleet", role: .client, owner: "platform")])
    }

    private func facts(about object: WatchedObject) -> NoticeFacts {
        NoticeFacts(
            identity: NoticeIdentity(
                subject: .object(object.fingerprint, object.kind), kind: .renewed, stage: 2_592_000, episode: 1,
                repetition: 2),
            registration: "fleet", severity: .warning, finding: nil, occurredAt: now, observedAt: now,
            missed: [.before(.days(90))], notObservedSince: now - .days(1),
            object: object, successor: .certificate(.sample(2, notAfter: now + .days(300))),
            earlyEnd: EarlyEnd(
                expiry: now + .days(20),
                culprit: EarlyEnd.Culprit(kind: .certificate, fingerprint: object.fingerprint, name: "CN=CA")),
            dependents: Dependents(certificates: 2, endpoints: ["api"]),
            locations: [.file(FilePath("a.pem"), index: 0)], askedAt: now)
    }

    @Test func `the schema has exactly the keys that a message can have`() throws {
        let schema = try schema()
        let messages = try fullest()
        let definitions = try #require(schema["definitions"] as? [String: [String: Any]])
        func properties(_ object: [String: Any]?) -> Set<String> {
            Set((object?["properties"] as? [String: Any] ?? [:]).keys)
        }
        let data = try messages.map { try #require($0["data"] as? [String: Any]) }
        #expect(properties(schema) == Set(messages.flatMap(\.keys)))
        #expect(properties(definitions["data"]) == Set(data.flatMap(\.keys)))
        for (name, data) in zip(["certificate", "revocation_list"], data) {
            let object = try #require(data[name] as? [String: Any])
            #expect(properties(definitions[name]) == Set(object.keys))
        }
    }

    @Test func `schema and documentation name every type of message`() throws {
        let properties = try #require(try schema()["properties"] as? [String: [String: Any]])
        #expect(properties["type"]?["enum"] as? [String] == MessageType.allCases.map(\.rawValue))
        let page = try String(contentsOf: Self.docs.appendingPathComponent("webhook.md"), encoding: .utf8)
        for type in MessageType.allCases {
            #expect(page.contains("| `\(type.rawValue)` |"))
        }
        let data = try fullest().map { try #require($0["data"] as? [String: Any]) }
        for key in Set(data.flatMap(\.keys)) {
            #expect(page.contains("`\(key)`") || page.contains("\"\(key)\""), "\(key)")
        }
    }
}
