import Delivery
import Foundation
import TestSupport

/// Fakes of the services. A fake accepts a request with the service's own response, or names the rule that the request
/// breaks.
///
/// The limits are those of the services' documentation, which docs/receivers.md lists.
enum FakeService {
    /// nil for receivers that are not reached over HTTP.
    static func script(_ kind: ReceiverKind) -> RecordingReceiver.Script? {
        let judge: (@Sendable (RecordingReceiver.Request, [String: Any]) throws -> RecordingReceiver.Behaviour)? =
            switch kind {
            case .webhook: webhook
            case .slack: slack
            case .teams: teams
            case .discord: discord
            case .mattermost: mattermost
            case .telegram: telegram
            case .ntfy: ntfy
            case .pagerduty: pagerDuty
            case .opsgenie: opsgenie
            case .alertmanager, .email, .exec: nil
            }
        guard let judge else { return nil }
        return { _, request in
            do {
                let json = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
                guard request.headers["content-type"] == "application/json" else { throw Broken("Content-Type") }
                return try judge(request, json ?? [:])
            } catch {
                return .answer(400, body: "\(error)")
            }
        }
    }

    struct Broken: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    static func check(_ condition: Bool, _ rule: String) throws {
        if !condition { throw Broken(rule) }
    }

    /// A text of 1 to `limit` UTF-16 units.
    static func text(_ value: Any?, _ limit: Int, _ rule: String) throws -> String {
        guard let text = value as? String else { throw Broken("\(rule) is no text") }
        try check((1...limit).contains(text.utf16.count), "\(rule) has \(text.utf16.count) units of \(limit)")
        try check(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E }, "\(rule) has controls")
        return text
    }

    private static func webhook(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        try check(request.body.count < 20_000, "body of \(request.body.count) bytes")
        try check(request.headers["webhook-signature"]?.hasPrefix("v1,") == true, "signature")
        try check(request.headers["authorization"] == "Bearer \(ReceiverLab.secret)", "token")
        _ = try text(json["type"], 100, "type")
        return .answer(204)
    }

    /// api.slack.com/reference/block-kit/blocks
    private static func slack(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        _ = try text(json["text"], 40_000, "text")
        guard let blocks = json["blocks"] as? [[String: Any]] else { throw Broken("invalid_blocks") }
        try check(blocks.count <= 50, "too many blocks")
        var total = 0
        for block in blocks {
            let content = (block["text"] as? [String: Any])?["text"]
            switch block["type"] as? String {
            case "header": total += try text(content, 150, "header").count
            case "section":
                if let fields = block["fields"] as? [[String: Any]] {
                    try check(fields.count <= 10, "too many fields")
                    for field in fields { total += try text(field["text"], 2_000, "field").count }
                } else {
                    let said = try text(content, 3_000, "section")
                    try check(!said.contains("<!"), "a mention")
                    total += said.count
                }
            case "context": total += 1
            default: throw Broken("invalid_blocks")
            }
        }
        try check(total < 13_000, "msg_blocks_too_long")
        return .answer(200, body: "ok")
    }

    private static func teams(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        try check(request.body.count <= 21_000, "\(request.body.count) bytes")
        try check(json["type"] as? String == "message", "type")
        let attachment = (json["attachments"] as? [[String: Any]])?.first
        try check(attachment?["contentType"] as? String == "application/vnd.microsoft.card.adaptive", "contentType")
        try check(attachment?["contentUrl"] is NSNull, "contentUrl")
        let card = attachment?["content"] as? [String: Any]
        try check(card?["type"] as? String == "AdaptiveCard" && card?["version"] as? String == "1.2", "card")
        let body = card?["body"] as? [[String: Any]] ?? []
        try check(body.count >= 2 && body.allSatisfy { $0["type"] is String }, "elements")
        return .answer(202)
    }

    /// discord.com/developers/docs/resources/message#embed-object-embed-limits
    private static func discord(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        try check(request.path.hasSuffix("?wait=true"), "wait")
        try check(((json["allowed_mentions"] as? [String: Any])?["parse"] as? [Any])?.isEmpty == true, "mentions")
        guard let embed = (json["embeds"] as? [[String: Any]])?.first else { throw Broken("embeds") }
        var total = try text(embed["title"], 256, "title").utf16.count
        total += try text(embed["description"], 4_096, "description").utf16.count
        let fields = embed["fields"] as? [[String: Any]] ?? []
        try check(fields.count <= 25, "fields")
        for field in fields {
            total += try text(field["name"], 256, "field name").utf16.count
            total += try text(field["value"], 1_024, "field value").utf16.count
        }
        total += try text((embed["footer"] as? [String: Any])?["text"], 2_048, "footer").utf16.count
        try check(total <= 6_000, "\(total) characters in all")
        return .answer(200, body: #"{"id":"1"}"#)
    }

    private static func mattermost(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        let said = try text(json["text"], 16_383, "text")
        try check(!said.contains("@everyone"), "a mention")
        return .answer(200, body: "ok")
    }

    private static func telegram(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        guard request.path == "/hook/bot\(ReceiverLab.secret)/sendMessage" else { return .answer(404) }
        _ = try text(json["text"], 4_096, "text")
        try check(json["parse_mode"] == nil, "parse_mode")
        try check(json["chat_id"] as? String == "-100123", "chat not found")
        return .answer(200, body: #"{"ok":true,"result":{"message_id":1}}"#)
    }

    private static func ntfy(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        try check(json["topic"] as? String == ReceiverLab.secret, "topic")
        try check((json["title"] as? String ?? "").utf8.count <= 1_000, "40057: title")
        try check((1...4_096).contains((json["message"] as? String ?? "").utf8.count), "message")
        try check((1...5).contains(json["priority"] as? Int ?? 0), "priority")
        try check((json["tags"] as? [String] ?? []).joined(separator: ",").utf8.count <= 512, "40058: tags")
        return .answer(200, body: #"{"id":"1","event":"message"}"#)
    }

    private static func pagerDuty(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        try check(request.body.count <= 512_000, "size")
        try check(json["routing_key"] as? String == ReceiverLab.secret, "routing_key")
        _ = try text(json["dedup_key"], 255, "dedup_key")
        switch json["event_action"] as? String {
        case "trigger":
            let payload = json["payload"] as? [String: Any] ?? [:]
            _ = try text(payload["summary"], 1_024, "summary")
            _ = try text(payload["source"], 1_024, "source")
            try check(["critical", "error", "warning", "info"].contains(payload["severity"] as? String), "severity")
        case "resolve": break
        default: throw Broken("event_action")
        }
        return .answer(202, body: #"{"status":"success"}"#)
    }

    private static func opsgenie(
        _ request: RecordingReceiver.Request, _ json: [String: Any]
    ) throws -> RecordingReceiver.Behaviour {
        guard request.headers["authorization"] == "GenieKey \(ReceiverLab.secret)" else { return .answer(401) }
        if request.path == "/hook/v2/alerts" {
            _ = try text(json["message"], 130, "message")
            _ = try text(json["alias"], 512, "alias")
            _ = try text(json["description"], 15_000, "description")
            let tags = json["tags"] as? [String] ?? []
            try check(tags.count <= 20 && tags.allSatisfy { $0.count <= 50 }, "tags")
            let details = json["details"] as? [String: String] ?? [:]
            try check(details.reduce(0) { $0 + $1.key.count + $1.value.count } <= 8_000, "details")
        } else {
            try check(request.path.hasSuffix("/close?identifierType=alias"), "path \(request.path)")
        }
        return .answer(202, body: #"{"result":"Request will be processed"}"#)
    }
}
