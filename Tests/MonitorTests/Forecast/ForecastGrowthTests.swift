import CertificateDecoding
import Certificates
import Configuration
import Delivery
import ExpiryRules
import LedgerStorage
import Monitor
import TestSupport
import Testing

/// The cost of a forecast follows the number of its notices, in SQLite's own steps: it does not visit all registrations
/// at each relevant time.
@Suite struct ForecastGrowthTests {
    private static let size = 40
    private let start = Instant(seconds: 1_800_000_000)
    private let authority: TestAuthority
    private let decoder: CertificateDecoder

    init() throws {
        authority = try TestPKI.authority("Growth CA", notAfter: Instant(seconds: 1_900_000_000))
        decoder = try CertificateDecoder()
    }

    @Test func `a forecast of three times as many certificates takes three times the work`() async throws {
        let small = try await counts(size: Self.size)
        let large = try await counts(size: 3 * Self.size)
        for (name, count) in [("steps", \DatabaseWork.Counts.steps), ("executions", \.executions)] {
            let growth = Double(large[keyPath: count]) / Double(small[keyPath: count])
            #expect(growth <= 3.5, "\(name): \(small[keyPath: count]) at n, \(large[keyPath: count]) at 3 n")
        }
        // A statement with many rows has a second text for full batches, and no third one.
        #expect(large.texts.subtracting(small.texts).allSatisfy { $0.contains("VALUES ($1") })
    }

    private func counts(size: Int) async throws -> DatabaseWork.Counts {
        let directory = try TemporaryDirectory()
        let work = DatabaseWork()
        let ledger = Ledger(engine: try SQLiteEngine(path: directory.path(of: "ledger.db"), counting: work))
        let receiver = try #require(
            ConfiguredReceiver(
                name: "ops", kind: .webhook,
                settings: ReceiverSettings(["url": .secret(Secret("http://127.0.0.1:9/"))])))
        let plan = WatchPlan(
            registrations: [
                Registration(name: "fleet", role: .client, issuer: "ca"), Registration(name: "ca", role: .ca),
            ], route: Route(receivers: ["ops"]))
        let sources = ["fleet", "ca"].map { SourceKey(kind: .file, registration: $0, place: "/pki/\($0)") }
        let fleet = try (0..<size).map { index in
            // Each one ends at a different time within the horizon.
            try authority.issue(
                .client, commonName: "c\(index)",
                notAfter: start + TimeSpan(seconds: 40 * 86_400 * Int64(index + 1) / Int64(size)))
        }
        try await pass(fleet.map(\.der), sources[0], ledger, plan)
        try await pass([authority.certificate.der], sources[1], ledger, plan)
        let before = work.counts
        let forecast = try await Forecaster(
            copy: ledger, plan: plan, receivers: [receiver], sources: sources, interval: .hours(1)
        ).forecast(from: start + .hours(1), until: start + .days(45))
        #expect(forecast.notices.count { $0.facts.identity.kind == .expired } == size)
        return work.counts.since(before)
    }

    private func pass(_ encodings: [[UInt8]], _ source: SourceKey, _ ledger: Ledger, _ plan: WatchPlan) async throws {
        let changes = try encodings.enumerated().map { index, der in
            let certificate = try #require(decoder.certificate(der: der))
            return PathChange.read(
                FilePath("\(source.place)/\(index).pem"), changeKey: [1], sightings: [.read(.certificate(certificate))],
                encodings: [certificate.fingerprint: der], defects: [])
        }
        let run = try await ledger.beginRun(at: start)
        _ = try await ledger.record(changes, of: source, plan: plan, at: start)
        _ = try await ledger.finish(source, outcome: .seen, plan: plan, at: start)
        try await ledger.finishRun(run, at: start)
    }
}
