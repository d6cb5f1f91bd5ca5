import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import TestSupport
import Testing
import TransportSecurity

/// A real Alertmanager from Debian's package.
struct AlertmanagerTests {
    private struct Alert: Decodable {
        let labels: [String: String]
        let annotations: [String: String]
        let startsAt: String
        let endsAt: String
    }

    /// Alertmanager uses the machine's clock.
    private static var machineTime: Instant { Instant(seconds: Int64(Date().timeIntervalSince1970)) }

    private func active(_ server: AlertmanagerServer, _ loop: TransferLoop) async throws -> [Alert] {
        let result = await loop.perform(
            Transfer(
                url: server.url + "/api/v2/alerts?active=true", maximumBodyBytes: 1 << 20, schemes: .httpsOrHTTP))
        return try JSONDecoder().decode([Alert].self, from: Data(result.body))
    }

    private func configured(_ urls: [String]) throws -> ConfiguredReceiver {
        try #require(
            ConfiguredReceiver(
                name: "ops", kind: .alertmanager, settings: ReceiverSettings(["urls": .list(urls)])))
    }

    @Test func `alerts appear, stay while they are posted again, change stage, and end with a renewal`() async throws {
        let notified = try RecordingReceiver()
        let server = try await AlertmanagerServer(webhook: notified.url)
        let directory = try TemporaryDirectory()
        let start = Self.machineTime
        // Five hours ago: an alert that was posted once, for four periods of an hour, has ended by now.
        let sample = try await OutboxSample(directory, at: start - .hours(5), certificates: 0)
        let expiry = start + .days(20)
        try await sample.see("a.pem", .sample(1, notAfter: expiry, names: "a", key: "a"))
        let loop = try await sample.loop([try configured([server.url])])
        #expect(try await loop.drain().map(\.outcome) == [.delivered])
        #expect(try await active(server, sample.transfers).isEmpty)

        for pass in 0..<3 as Range<Int64> {
            sample.time.now = start + .hours(pass)
            #expect(try await loop.repeatStanding(period: .hours(1)) == [])
            let alerts = try await active(server, sample.transfers)
            #expect(alerts.map { $0.labels["threshold"] } == ["30d"])
            #expect(alerts.first?.labels["alertname"] == "CertificateExpiring")
            #expect(alerts.first?.labels["owner"] == "platform" && alerts.first?.labels["team"] == "platform")
            let end = start + .hours(pass + 4)
            #expect(alerts.first?.endsAt.prefix(19) == end.description.prefix(19))
        }

        // The ledger's time is six days later while Alertmanager's clock is unchanged: the stage of 14 days begins.
        sample.time.now = start + .days(6)
        _ = try await sample.ledger.decideDue(plan: sample.plan, at: sample.time.now)
        #expect(try await loop.drain().map(\.outcome) == [.delivered])
        let both = try await active(server, sample.transfers).compactMap { $0.labels["threshold"] }
        #expect(both.sorted() == ["14d", "30d"])
        // The milder stage was posted with its end time, at which Alertmanager resolves it.
        sample.time.now = start
        #expect(try await loop.repeatStanding(period: .hours(1)) == [])

        try await sample.see("a.pem", .sample(2, notAfter: start + .days(400), names: "a", key: "a"))
        #expect(try await loop.drain().map(\.outcome) == [.delivered])
        #expect(try await active(server, sample.transfers).isEmpty)
        #expect(try await loop.repeatStanding(period: .hours(1)) == [])
        #expect(try await active(server, sample.transfers).isEmpty)
        try await waitUntil("Alertmanager has told of the beginning and the end") {
            let told = notified.requests.map(\.text)
            return told.contains { $0.contains(#""status":"firing""#) }
                && told.contains { $0.contains(#""status":"resolved""#) }
        }
    }

    @Test func `bad alerts of an array do not keep the good ones away`() async throws {
        let notified = try RecordingReceiver()
        let server = try await AlertmanagerServer(webhook: notified.url)
        let lab = try ReceiverLab()
        let configured = try configured([server.url])
        let receiver = try #require(configured.receiver as? any StandingReceiver)
        let messages = try (0..<150).map { number in
            let facts = NoticeSample.facts(.expiring, stage: .days(Int64(number) + 1))
            // Alertmanager refuses the name "no-label".
            let labels = number % 50 == 7 ? ["no-label": "x"] : ["team": "x"]
            return try configured.composer.message(
                facts, registration: Registration(name: "fleet", role: .client, labels: labels))
        }
        let sender = HTTPSender(
            transfers: lab.transfers, credentials: CredentialStore(), limit: TimeSpan(seconds: 30), at: Self.machineTime
        )
        let verdict = try await receiver.repeatStanding(
            messages, period: .hours(1), at: Self.machineTime, through: sender)
        #expect(verdict.outcome == .rejected && verdict.next == .park)
        #expect(try await active(server, lab.transfers).count == 147)
    }

    @Test func `one member of a cluster that takes a message is enough`() async throws {
        let up = try RecordingReceiver()
        let down = try RecordingReceiver()
        down.stop()
        let lab = try ReceiverLab()
        let receiver = try configured([down.url, up.url])
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .delivered)
        let nobody = try configured([down.url])
        #expect(
            try await lab.send(try nobody.composer.testMessage(at: ReceiverLab.now), to: nobody).outcome == .notSent)
        #expect(up.requests.map(\.path) == ["/hook/api/v2/alerts"])
    }
}
