import Foundation
import TestSupport
import Testing

/// Quiet hours and minimum severities of receivers. Day 0 begins at 08:00 UTC.
struct QuietReceiverTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private func configure(_ further: String) throws {
        try site.directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            defaults: { thresholds: [30d, { before: 14d, severity: critical }] }
            receivers:
              - name: ops
                webhook: { url: "\(site.ops.url)" }
                \(further)
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
    }

    @Test func `in quiet hours a warning waits for their end, and a critical notice does not`() async throws {
        try configure("quiet: { severity: warning, from: '07:00', to: '10:00', timezone: GMT }")
        try site.place("mild", daysLeft: 20)
        try site.place("bad", daysLeft: 10)
        let quiet = try await site.scan(day: 0)
        #expect(quiet.status == 0, "\(quiet.errors)")
        #expect(site.ops.told == ["fleet/CN=bad expiring 14d"])
        let deliveries = try await site.run(["deliveries"]).output
        #expect(deliveries.contains("the end of its receiver's quiet hours, 2027-01-15T10:00:00Z"), "\(deliveries)")
        // Still quiet, one second before the end.
        try await site.scan(day: 0, seconds: 7_199)
        #expect(site.ops.told.count == 1)
        try await site.scan(day: 0, seconds: 7_200)
        #expect(site.ops.told == ["fleet/CN=bad expiring 14d", "fleet/CN=mild expiring 30d"])
    }

    @Test func `what is over before the quiet hours are is told to nobody`() async throws {
        try configure("quiet: { from: '07:00', to: '10:00' }")
        try site.place("a", daysLeft: 20)
        try await site.scan(day: 0)
        try site.place("a", daysLeft: 300)
        try await site.scan(day: 0, seconds: 3_600)
        try await site.scan(day: 0, seconds: 7_200)
        #expect(site.ops.told.isEmpty)
    }

    @Test func `quiet hours that are taken out of the configuration hold nothing any more`() async throws {
        try configure("quiet: { from: '07:00', to: '10:00' }")
        try site.place("a", daysLeft: 20)
        try await site.scan(day: 0)
        #expect(site.ops.told.isEmpty)
        try configure("")
        try await site.scan(day: 0, seconds: 60)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d"])
    }

    @Test func `a receiver hears of nothing below its floor, and of the stage that reaches it`() async throws {
        try configure("min_severity: critical")
        try site.place("a", daysLeft: 20)
        #expect(try await site.scan(day: 0).status == 0)
        #expect(site.ops.told.isEmpty)
        try await site.scan(day: 7)
        #expect(site.ops.told == ["fleet/CN=a expiring 14d"])
    }
}
