import Certificates
import Delivery
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing

/// A webhook's body in the format of the receiving service.
struct JSONBodyTests {
    private let lab: ReceiverLab
    private let service: RecordingReceiver

    init() throws {
        lab = try ReceiverLab()
        service = try RecordingReceiver()
    }

    private static func template(_ json: String) throws -> JSONTemplate {
        try JSONTemplate(try #require(JSONValue(parsing: json)))
    }

    private static let body = """
        {
          "event_type": "certificate", "static": [1, 2.5, true, null],
          "client_payload": {
            "summary": "{{subject}} of {{registration}}: {{days_left}} days", "days": "{{days_left}}",
            "critical": "{{critical}}", "hosts": "{{hostnames}}", "labels": "{{labels}}", "owner": "{{ owner }}",
            "successor": "{{successor_not_after}}", "none": "{{successor_not_after}} ", "where": "{{locations}}"
          }
        }
        """

    private func told(_ kind: NoticeKind, subject: String = "CN=billing", resolved: String? = nil) async throws
        -> [String: Any]
    {
        var settings: [String: SettingValue] = ["body": .json(try Self.template(Self.body))]
        if let resolved { settings["resolved_body"] = .json(try Self.template(resolved)) }
        let receiver = try lab.receiver(.webhook, at: service.url, further: settings)
        let message = try receiver.composer.message(
            NoticeSample.facts(kind, subject: subject), registration: NoticeSample.registration)
        #expect(try await lab.send(message, to: receiver).outcome == .delivered)
        let request = try #require(service.requests.last)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["webhook-signature"]?.hasPrefix("v1,") == true)
        return try #require(JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
    }

    @Test func `values keep their types, and texts are filled in`() async throws {
        let json = try await told(.expiring)
        let payload = try #require(json["client_payload"] as? [String: Any])
        #expect(json["event_type"] as? String == "certificate")
        #expect(payload["summary"] as? String == "CN=billing of fleet: 10 days")
        #expect(payload["days"] as? Int == 10 && payload["critical"] as? Bool == false)
        #expect(payload["hosts"] as? [String] == ["api.example.com"])
        #expect(payload["labels"] as? [String: String] == ["team": "platform"])
        #expect(payload["owner"] as? String == "platform")
        #expect(payload["successor"] is NSNull && payload["none"] as? String == " ")
        #expect((json["static"] as? [Any])?.count == 4)
        #expect(service.requests.last?.text.contains("\"10\"") == false)
    }

    @Test func `no certificate gets out of its text`() async throws {
        let hostile = "CN=\", \"admin\": true, \"x\": \"\\\n{{owner}} }"
        let json = try await told(.expiring, subject: hostile)
        let payload = try #require(json["client_payload"] as? [String: Any])
        #expect(payload["admin"] == nil && Set(json.keys) == ["event_type", "static", "client_payload"])
        #expect((payload["summary"] as? String)?.contains("{{owner}}") == true)
    }

    @Test func `what is over has a body of its own where there is one`() async throws {
        let json = try await told(.renewed, resolved: #"{"close": "{{registration}}", "over": "{{resolved}}"}"#)
        #expect(json["close"] as? String == "fleet" && json["over"] as? Bool == true)
        #expect(try await told(.renewed)["event_type"] as? String == "certificate")
    }

    @Test(arguments: ["{{subject", "{{ownr}}", "{{#critical}}x", "{{>partial}}"])
    func `a mistake in a text is found before it is needed`(text: String) {
        #expect(throws: TemplateError.self) { try JSONTemplate(.object(["a": .list([.text(text)])])) }
    }
}
