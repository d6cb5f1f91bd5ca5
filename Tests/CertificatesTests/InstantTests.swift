import Certificates
import Testing

struct InstantTests {
    @Test(arguments: [
        ("0000-01-01T00:00:00Z", -62_167_219_200), ("1582-10-15T00:00:00Z", -12_219_292_800),
        ("1969-12-31T23:59:59Z", -1), ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600),
        ("2038-01-19T03:14:08Z", 2_147_483_648), ("2050-01-01T00:00:00Z", 2_524_608_000),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ])
    func `dates from year 0 to 9999 are read and written`(text: String, seconds: Int64) {
        #expect(Instant(rfc3339: text)?.seconds == seconds)
        #expect(Instant(seconds: seconds).description == text)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T00:00:60Z", "2026-11-21T00:00:00", "2026-11-21T00:00:00.5Z", "2026-11-21T00:00:00+24:00",
        "+026-11-21T00:00:00Z", "2026-11-21 00:00:00Z",
    ])
    func `what is no instant is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `an offset is taken into account`() {
        #expect(Instant(rfc3339: "2026-12-21T04:10:00+01:00") == Instant(rfc3339: "2026-12-21T03:10:00Z"))
        #expect(Instant(rfc3339: "2026-12-20T22:10:00-05:00") == Instant(rfc3339: "2026-12-21T03:10:00Z"))
    }

    @Test(arguments: [
        ("30d", 2_592_000), ("1d12h", 129_600), ("2w", 1_209_600), ("1y", 31_536_000), ("90s", 90), ("0", 0),
    ])
    func `durations have Prometheus' grammar`(text: String, seconds: Int64) {
        #expect(TimeSpan(parsing: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "30", "d", "-1d", "1.5d", "1h1d", "1d1d", "1 d", "99999999999999999999d", "9999999999999999d",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(TimeSpan(parsing: text) == nil)
    }

    @Test(arguments: [(1, 0), (86_400, 1), (172_799, 1), (0, 0), (-1, 0), (-86_400, -1), (2_591_999, 29)])
    func `days left are whole days, rounded down`(seconds: Int64, days: Int64) {
        #expect(TimeSpan(seconds: seconds).wholeDays == days)
    }

    @Test(arguments: [
        (0, "less than an hour"), (3_599, "less than an hour"), (3_600, "1 hour"), (86_400, "24 hours"),
        (172_799, "47 hours"), (172_800, "2 days"), (2_591_999, "29 days"), (2_592_000, "30 days"),
        (-90_000, "25 hours"), (-259_200, "3 days"),
    ])
    func `time is counted in whole days, and in hours below two days`(seconds: Int64, text: String) {
        #expect("\(CountedTime(TimeSpan(seconds: seconds)))" == text)
    }
}
