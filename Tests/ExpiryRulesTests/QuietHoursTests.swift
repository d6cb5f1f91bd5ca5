import Certificates
import ExpiryRules
import Foundation
import Testing

/// The end of quiet hours by the local clock.
struct QuietHoursTests {
    private static func hours(_ from: Int64, _ to: Int64, _ zone: String) throws -> QuietHours {
        let zone = try #require(TimeZone(identifier: zone))
        return try #require(QuietHours(severity: .warning, from: .hours(from), to: .hours(to), zone: zone))
    }

    static let cases: [(from: Int64, to: Int64, zone: String, now: String, end: String?)] = [
        (22, 7, "GMT", "2027-01-15T21:59:59Z", nil),
        (22, 7, "GMT", "2027-01-15T22:00:00Z", "2027-01-16T07:00:00Z"),
        (22, 7, "GMT", "2027-01-16T00:00:00Z", "2027-01-16T07:00:00Z"),
        (22, 7, "GMT", "2027-01-16T06:59:59Z", "2027-01-16T07:00:00Z"),
        (22, 7, "GMT", "2027-01-16T07:00:00Z", nil),
        (12, 14, "GMT", "2027-01-16T13:00:00Z", "2027-01-16T14:00:00Z"),
        (12, 14, "GMT", "2027-01-16T14:00:00Z", nil),
        (22, 7, "Asia/Tokyo", "2027-01-15T13:00:00Z", "2027-01-15T22:00:00Z"),
        (22, 7, "America/New_York", "2027-01-15T13:00:00Z", nil),
        // The night in which clocks go forward is an hour shorter, the one in October an hour longer.
        (22, 7, "Europe/Berlin", "2027-03-27T21:00:00Z", "2027-03-28T05:00:00Z"),
        (22, 7, "Europe/Berlin", "2027-10-30T20:00:00Z", "2027-10-31T06:00:00Z"),
    ]

    @Test(arguments: cases)
    func `quiet hours end by the local clock`(
        from: Int64, to: Int64, zone: String, now: String, end: String?
    ) throws {
        let now = Instant(seconds: Int64(try Date(now, strategy: .iso8601).timeIntervalSince1970))
        let found = try Self.hours(from, to, zone).end(at: now)
        #expect(found?.description == end)
    }

    @Test func `quiet hours that never end are none`() {
        #expect(QuietHours(severity: .warning, from: .hours(7), to: .hours(7), zone: .gmt) == nil)
        #expect(QuietHours(severity: .warning, from: .hours(7), to: .hours(24), zone: .gmt) == nil)
    }
}
