import Certificates
import Foundation
import TestSupport
import Testing

/// Defects of other tools of this kind, each as a test.
struct PeerDefectTests {
    @Test(arguments: [1, 2, 3, 9, 15])
    func `a missed daily run loses no notice (Lemur and ca3s: the days left must equal the interval)`(missed: Int64)
        async throws
    {
        let site = try Site()
        try site.place("a", daysLeft: 31)
        try await site.scan(day: 0)
        #expect(site.ops.requests.isEmpty)
        // Day 1 is the day with 30 days left.
        for day in (1 + missed)...17 { try await site.scan(day: day) }
        #expect(site.ops.told == ["fleet/CN=a expiring 30d", "fleet/CN=a expiring 14d"])
    }

    @Test(arguments: [-86_400, -43_200, -1, 0, 1, 43_200, 86_399])
    func `the last and the first day around expiry tell (Uptime Kuma: zero days left is no number of days)`(
        second: Int64
    ) async throws {
        let site = try Site()
        try site.place("a", daysLeft: 1)
        try await site.scan(day: 1, seconds: second)
        // notAfter is the last second of validity.
        #expect(site.ops.told == [second > 0 ? "fleet/CN=a expired" : "fleet/CN=a expiring 14d"])
    }

    @Test func `a certificate that lives for a day is told (Uptime Kuma)`() async throws {
        let site = try Site()
        let certificate = try site.authority.issue(
            .client, commonName: "short", notBefore: Site.start, notAfter: Site.start + .days(1))
        try site.directory.write(certificate.pem, to: "pki/short.pem")
        for hour in 0..<30 { try await site.scan(day: 0, seconds: Int64(hour) * 3_600) }
        #expect(site.ops.told == ["fleet/CN=short expiring 14d", "fleet finding", "fleet/CN=short expired"])
    }

    @Test func `a leaf's notice silences no intermediate, nor the reverse (Uptime Kuma)`() async throws {
        let site = try Site()
        let intermediate = try site.authority.intermediate("Issuing CA", notAfter: Site.start + .days(40))
        let leaf = try intermediate.issue(.client, commonName: "leaf", notAfter: Site.start + .days(35))
        try site.directory.write(leaf.pem + intermediate.pem, to: "pki/chain.pem")
        for day: Int64 in [0, 6, 11, 22, 27, 36, 41] { try await site.scan(day: day) }
        #expect(
            site.ops.told == [
                "fleet/CN=leaf expiring 30d", "fleet/CN=Issuing CA expiring 30d", "fleet/CN=leaf expiring 14d",
                "fleet/CN=Issuing CA expiring 14d", "fleet/CN=leaf expired", "fleet/CN=Issuing CA expired",
            ])
    }

    @Test func `one receiver's success is not the other's (Uptime Kuma: sent as soon as one channel had it)`()
        async throws
    {
        let failing = try RecordingReceiver { _, _ in .answer(500) }
        let site = try Site(receivers: ["failing": failing])
        try site.place("a", daysLeft: 10)
        #expect(try await site.scan(day: 0).status == 1)
        // A receiver that accepted nothing for a day is a finding, and exit status 2.
        #expect(try await site.scan(day: 1).status == 2)
        failing.behave { _, _ in .answer(200) }
        #expect(try await site.scan(day: 2).status == 0)
        #expect(try await site.scan(day: 3).status == 0)
        #expect(site.ops.told == ["fleet/CN=a expiring 14d", "notafter finding", "notafter recovered"])
        #expect(failing.told == Array(repeating: "fleet/CN=a expiring 14d", count: 3))
        #expect(Set(try failing.messages.map(\.id)).count == 1)
        #expect(try failing.messages.map(\.timestamp) == ["1800000000", "1800086400", "1800172800"])
    }

    @Test func `Kubernetes' swap of ..data is seen (x509-certificate-exporter looks at the outer link)`() async throws {
        let site = try Site(paths: "[pki/tls.pem]")
        let old = try site.certificate("a", daysLeft: 20)
        let new = try site.certificate("a", daysLeft: 400)
        // Same size and times: only the target of the link differs.
        for (name, certificate) in [("..2027_01", old), ("..2027_02", new)] {
            try site.directory.write(padded(certificate.pem), to: "pki/\(name)/tls.pem")
            try site.directory.setModified("pki/\(name)/tls.pem", to: Site.start - .days(400))
        }
        try site.directory.link("pki/..data", to: "..2027_01")
        try site.directory.link("pki/tls.pem", to: "..data/tls.pem")
        try await site.scan(day: 0)
        try site.directory.link("pki/..data", to: "..2027_02")
        try await site.scan(day: 1)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d", "fleet/CN=a renewed"])
    }

    @Test func `a target replaced under a stable link is seen (x509-certificate-exporter)`() async throws {
        let site = try Site(paths: "[current.pem]")
        try site.directory.write(padded(try site.certificate("a", daysLeft: 20).pem), to: "live/a.pem")
        try site.directory.setModified("live/a.pem", to: Site.start - .days(400))
        try site.directory.link("current.pem", to: "live/a.pem")
        try await site.scan(day: 0)
        try site.directory.write(padded(try site.certificate("a", daysLeft: 400).pem), to: "live/next.pem")
        try site.directory.setModified("live/next.pem", to: Site.start - .days(400))
        #expect(rename(site.directory.path(of: "live/next.pem"), site.directory.path(of: "live/a.pem")) == 0)
        try await site.scan(day: 1)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d", "fleet/CN=a renewed"])
    }

    @Test func `a copy that keeps size and times is seen (x509-certificate-exporter: cp -p and rsync -t)`() async throws
    {
        let site = try Site(paths: "[a.pem]")
        for (name, days) in [("a.pem", 20), ("new.pem", 400)] {
            try site.directory.write(padded(try site.certificate("a", daysLeft: Int64(days)).pem), to: name)
            try site.directory.setModified(name, to: Site.start - .days(400))
        }
        try await site.scan(day: 0)
        try RequiredTool("cp").run(["-p", site.directory.path(of: "new.pem"), site.directory.path(of: "a.pem")])
        try await site.scan(day: 1)
        #expect(site.ops.told == ["fleet/CN=a expiring 30d", "fleet/CN=a renewed"])
    }

    /// Text after the end of a block is not part of it, and gives every file the same length.
    private func padded(_ pem: String) -> String {
        pem + String(repeating: "\n", count: 2_000 - pem.utf8.count)
    }
}
