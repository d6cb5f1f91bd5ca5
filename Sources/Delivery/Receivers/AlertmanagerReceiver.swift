import Certificates
import CurlBinding
import Foundation
import Messages
import TransportSecurity

/// The API v2 of Prometheus' Alertmanager. An alert resolves itself at its `endsAt`, so each pass posts the open alerts
/// again, with an end four passes ahead.
package struct AlertmanagerReceiver: StandingReceiver {
    /// As in Prometheus, so that two failed posts in a row do not end an alert.
    private static let periods: Int64 = 4
    /// The most alerts in one request.
    private static let chunk = 64
    private static let testDuration = TimeSpan(seconds: 300)

    /// All members of a cluster, since members share silences but not alerts.
    private let urls: [String]
    private let credentials: HTTPCredentials
    private let connection: Connection

    package static let grouping = Grouping.lists(of: chunk)
    package static let keys: [SettingKey] =
        [.required("urls", .webAddresses)] + HTTPCredentials.keys + Connection.keys

    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] {
        Connection.problems(settings) + HTTPCredentials.problems(settings)
    }

    package init?(_ settings: ReceiverSettings) {
        guard let urls = settings.list("urls") else { return nil }
        self.urls = urls
        credentials = HTTPCredentials(settings)
        connection = Connection(settings)
    }

    package var takesSummaries: Bool { false }

    package func body(for message: Message) throws -> [UInt8] {
        try MessageJSON.encoded(AlertmanagerAlert.all(of: message))
    }

    package func send(_ attempt: Attempt, through sender: HTTPSender) async throws -> AttemptResult {
        let alerts = try JSONDecoder().decode([AlertmanagerAlert].self, from: Data(attempt.body))
        let good = attempt.type == .test ? Self.testDuration : Self.validity(attempt.period)
        return try await post(alerts, until: attempt.now + good, at: attempt.now, through: sender)
    }

    package func repeatStanding(
        _ messages: [Message], period: TimeSpan, at now: Instant, through sender: HTTPSender
    ) async throws -> AttemptResult {
        let alerts = messages.flatMap { AlertmanagerAlert.all(of: $0).filter(\.isFiring) }
        var worst = AttemptResult(.delivered, .done, "there was nothing to post")
        for start in stride(from: 0, to: alerts.count, by: Self.chunk) {
            let chunk = Array(alerts[start..<min(start + Self.chunk, alerts.count)])
            let result = try await post(chunk, until: now + Self.validity(period), at: now, through: sender)
            if worst.outcome == .delivered { worst = result }
            // After a rejected alert the other chunks are still posted. A server that cannot be reached ends the loop.
            if case .again = result.next { break }
        }
        return worst
    }

    private static func validity(_ period: TimeSpan) -> TimeSpan {
        TimeSpan(seconds: periods * max(60, period.seconds))
    }

    /// Posts to every member. The alerts are delivered when one member accepts them; the others get them at the next
    /// pass.
    private func post(
        _ alerts: [AlertmanagerAlert], until end: Instant, at now: Instant, through sender: HTTPSender
    ) async throws -> AttemptResult {
        let posted = alerts.map { alert in
            PostedAlert(
                labels: alert.labels, annotations: alert.annotations,
                startsAt: min(alert.startsAt, now.description), endsAt: (alert.isFiring ? end : now).description)
        }
        var best: AttemptResult?
        for url in urls {
            let result = try await post(posted, to: url, through: sender)
            if best?.outcome != .delivered { best = result }
        }
        return best ?? AttemptResult(.notSent, .park, "there are no urls")
    }

    private struct PostedAlert: Encodable {
        let labels: [String: String]
        let annotations: [String: String]
        let startsAt: String
        let endsAt: String
    }

    /// On 400, Alertmanager has accepted the valid alerts of the array and does not say which were invalid. Halves of
    /// the array are posted until each invalid alert is alone.
    private func post(_ alerts: [PostedAlert], to url: String, through sender: HTTPSender) async throws -> AttemptResult
    {
        let result = AttemptResult(try await sender.post(try request(alerts, to: url), over: connection))
        guard result.status == 400, alerts.count > 1 else { return result }
        let middle = alerts.count / 2
        let first = try await post(Array(alerts[..<middle]), to: url, through: sender)
        let second = try await post(Array(alerts[middle...]), to: url, through: sender)
        return first.outcome == .delivered ? second : first
    }

    private func request(_ alerts: [PostedAlert], to url: String) throws -> HTTPRequest {
        let (fields, secrets) = try credentials.fields()
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        return .json(
            Secret(base + "/api/v2/alerts"), try MessageJSON.encoded(alerts),
            headers: fields, secrets: secrets)
    }
}
