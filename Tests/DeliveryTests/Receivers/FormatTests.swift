import Certificates
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import TestSupport
import Testing

/// The bodies of webhooks, as specified by their authors.
struct FormatTests {
    private let lab: ReceiverLab
    private let service: RecordingReceiver

    init() throws {
        lab = try ReceiverLab()
        service = try RecordingReceiver()
    }

    private func told(
        _ format: String, _ kind: NoticeKind, subject: String = "CN=billing", earlier: [EarlierStage] = []
    ) async throws -> (request: RecordingReceiver.Request, json: [String: Any]) {
        let receiver = try lab.receiver(.webhook, at: service.url, further: ["format": .text(format)])
        let message = try receiver.composer.message(
            NoticeSample.facts(kind, subject: subject, earlier: earlier), registration: NoticeSample.registration)
        #expect(try await lab.send(message, to: receiver).outcome == .delivered)
        let request = try #require(service.requests.last)
        #expect(request.headers["webhook-id"] == message.id)
        let json = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
        return (request, try #require(json))
    }

    /// CloudEvents 1.0 and its JSON format
    @Test func `CloudEvents, structured`() async throws {
        let (request, json) = try await told("cloudevents", .expiring)
        #expect(request.headers["content-type"] == "application/cloudevents+json; charset=UTF-8")
        #expect(
            Set(json.keys) == [
                "specversion", "id", "source", "type", "time", "subject", "severitytext", "expirytime",
                "datacontenttype", "data",
            ])
        #expect(json["specversion"] as? String == "1.0")
        #expect(json["id"] as? String == request.headers["webhook-id"])
        #expect(json["type"] as? String == "notafter.certificate.expiring")
        #expect(json["time"] as? String == "2027-01-15T07:00:00Z")
        #expect(json["expirytime"] as? String == "2027-02-01T08:00:00Z")
        #expect((json["data"] as? [String: Any])?["status"] as? String == "firing")
        // The characters of attribute names are a-z and 0-9 (CloudEvents 3.1).
        #expect(json.keys.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber } })
    }

    /// CloudEvents HTTP protocol binding 3.1
    @Test func `CloudEvents, binary`() async throws {
        let (request, json) = try await told("cloudevents-binary", .expiring, subject: "CN=100% \"é\"")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["ce-specversion"] == "1.0")
        #expect(request.headers["ce-id"] == request.headers["webhook-id"])
        #expect(request.headers["ce-subject"] == "fleet/CN=100%25%20%22%C3%A9%22")
        #expect(json["notice_id"] as? String == request.headers["webhook-id"])
        let signature = SigningSecret(parsing: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?.signature(
            id: request.headers["webhook-id"] ?? "", timestamp: ReceiverLab.now.seconds, body: request.body)
        #expect(request.headers["webhook-signature"] == signature)
    }

    /// alertmanager, template/template.go
    @Test func `Alertmanager's webhook, version 4`() async throws {
        let earlier = [EarlierStage(stage: .before(.days(30)), severity: .warning)]
        let (_, json) = try await told("alertmanager", .expiring, earlier: earlier)
        #expect(
            Set(json.keys) == [
                "version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels",
                "commonAnnotations", "externalURL", "alerts",
            ])
        #expect(json["version"] as? String == "4" && json["status"] as? String == "firing")
        let alerts = try #require(json["alerts"] as? [[String: Any]])
        #expect(alerts.map { $0["status"] as? String } == ["firing", "resolved"])
        #expect(alerts.map { ($0["labels"] as? [String: String])?["threshold"] } == ["14d", "30d"])
        #expect(alerts.first?["endsAt"] as? String == "0001-01-01T00:00:00Z")
        #expect(alerts.allSatisfy { ($0["fingerprint"] as? String)?.count == 16 })
        let (_, ended) = try await told("alertmanager", .renewed, earlier: earlier)
        #expect(ended["status"] as? String == "resolved")
        let first = try #require((ended["alerts"] as? [[String: Any]])?.first)
        // The labels, and therefore the fingerprint, of the alert at its beginning.
        #expect(first["fingerprint"] as? String == alerts.last?["fingerprint"] as? String)
    }

    /// Cloudflare, "Webhook payload schema", `access_custom_certificate_expiration_type`
    @Test func `Cloudflare's notification about Access certificates`() async throws {
        let (_, json) = try await told("cloudflare", .expiring)
        #expect(
            Set(json.keys) == [
                "name", "text", "data", "ts", "account_id", "policy_id", "policy_name", "alert_type",
                "alert_correlation_id", "alert_event",
            ])
        #expect(json["alert_type"] as? String == "access_custom_certificate_expiration_type")
        #expect(json["alert_event"] as? String == "ALERT_STATE_EVENT_START")
        let data = try #require(json["data"] as? [String: Any])
        #expect(
            Set(data.keys) == [
                "account_name", "account_tag", "certificate_id", "days_til_expiration", "hostnames", "zone_name",
                "zone_tag",
            ])
        #expect(data["days_til_expiration"] as? Int == 10 && data["hostnames"] as? String == "api.example.com")
        let (_, ended) = try await told("cloudflare", .renewed)
        let policy = try #require(json["policy_id"] as? String)
        #expect(UUID(uuidString: policy) != nil && ended["policy_id"] as? String == policy)
        #expect(ended["alert_event"] as? String == "ALERT_STATE_EVENT_END")
    }

    @Test func `the secret that Cloudflare sends verbatim is sent so`() async throws {
        let receiver = try lab.receiver(
            .webhook, at: service.url,
            further: ["format": .text("cloudflare"), "cf_webhook_auth_file": lab.secretFile])
        _ = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(service.requests.first?.headers["cf-webhook-auth"] == ReceiverLab.secret)
    }
}
