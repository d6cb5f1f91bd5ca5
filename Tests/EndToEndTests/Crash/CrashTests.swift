import Certificates
import Foundation
import TestSupport
import Testing

/// `kill -9` at every step of observe, decide, claim, send and record.
struct CrashTests {
    /// The work of the run that is killed.
    enum Errand: String, CaseIterable {
        /// Create the ledger, find a certificate with a due stage, and send its notice.
        case firstNotice
        /// Send a further stage of a known certificate.
        case nextStage
        /// Find a renewal and send the resolution.
        case renewal

        var expected: String {
            switch self {
            case .firstNotice: "fleet/CN=a expiring 30d"
            case .nextStage: "fleet/CN=a expiring 14d"
            case .renewal: "fleet/CN=a renewed"
            }
        }

        /// Creating a ledger makes many similar calls. Only a torture run kills at all of them.
        var stride: Int {
            self == .firstNotice && !Effort.isTorture ? 7 : 1
        }
    }

    private static let killSwitch = Result { try KillSwitch() }

    @Test(arguments: Errand.allCases)
    func `killed before any call, a run loses nothing and repeats only what was accepted and not recorded`(
        errand: Errand
    ) async throws {
        try await sweep(errand, .beforeCall, every: errand.stride)
    }

    @Test(arguments: Errand.allCases)
    func `killed amid a write, a run loses nothing and repeats only what was accepted and not recorded`(
        errand: Errand
    ) async throws {
        try await sweep(errand, .midWrite, every: Effort.isTorture ? 1 : 4 * errand.stride)
    }

    @Test(arguments: Errand.allCases)
    func `when the power fails, a run loses nothing and repeats only what was accepted and not recorded`(
        errand: Errand
    ) async throws {
        try await sweep(errand, .powerCut, every: errand.stride)
    }

    private func sweep(_ errand: Errand, _ ending: KillSwitch.Ending, every stride: Int) async throws {
        let site = try Site()
        try await prepare(site, for: errand)
        let template = try TemporaryDirectory()
        try copyLedger(from: site.directory, to: template)
        let killSwitch = try Self.killSwitch.get()
        var kills = 0
        var repeats = 0
        for call in Swift.stride(from: 1, to: 10_000, by: stride) {
            try copyLedger(from: template, to: site.directory)
            let before = site.ops.requests.count
            let killed = try await site.run(
                ["scan"] + Site.at(day: 1), environment: killSwitch.environment(at: call, ending))
            let place = Comment(rawValue: "\(errand), call \(call)")
            guard killed.status == 128 + SIGKILL else {
                #expect(killed.status == 0, place)
                break
            }
            kills += 1
            let wasRecorded = try recordedDeliveries(of: site)
            try await recover(site, place)
            let messages = try site.ops.messages.dropFirst(before)
            #expect(Set(messages.map(\.summary)) == [errand.expected], place)
            #expect(Set(messages.map(\.id)).count == 1, place)
            #expect(Set(messages.map(\.body)).count == 1, place)
            #expect(messages.count <= (wasRecorded ? 1 : 2), place)
            if messages.count > 1 {
                repeats += 1
                #expect(messages.last?.attempt == "2; possible-duplicate=1", place)
            }
        }
        #expect(kills * stride >= 30)
        // At least one kill must have come after the response was sent and before it was recorded.
        if stride == 1 { #expect(repeats > 0) }
    }

    private func prepare(_ site: Site, for errand: Errand) async throws {
        switch errand {
        case .firstNotice:
            try site.place("a", daysLeft: 29)
        case .nextStage:
            try site.place("a", daysLeft: 15)
            try await site.scan(day: 0)
        case .renewal:
            try site.place("a", daysLeft: 29)
            try await site.scan(day: 0)
            try site.place("a", daysLeft: 400)
        }
    }

    /// Further runs, as from cron. For the last one no lease of the killed run can still be valid.
    private func recover(_ site: Site, _ place: Comment) async throws {
        let first = try await site.scan(day: 1)
        #expect([0, 1].contains(first.status), place)
        try site.ledger.forgetBoot()
        let second = try await site.scan(day: 1)
        #expect(second.status == 0, "\(place): \(second.errors)")
        #expect(try site.ledger.integrity() == "ok", place)
        #expect(try site.ledger.count("SELECT count(*) FROM attempts WHERE outcome IS NULL") == 0, place)
    }

    /// Whether the killed run had recorded the delivery of this day. Read from a copy, since opening the ledger
    /// recovers it.
    private func recordedDeliveries(of site: Site) throws -> Bool {
        let copy = try TemporaryDirectory()
        try copyLedger(from: site.directory, to: copy)
        let ledger = LedgerFile(path: copy.path(of: "notafter.db"))
        guard try ledger.count("SELECT count(*) FROM sqlite_master WHERE name = 'deliveries'") == 1 else {
            return false
        }
        return try ledger.count(
            """
            SELECT count(*) FROM deliveries
            WHERE state = 'delivered' AND settled_at = \((Site.start + .days(1)).seconds)
            """) == 1
    }

    private func copyLedger(from: TemporaryDirectory, to: TemporaryDirectory) throws {
        let files = FileManager.default
        for name in ["notafter.db", "notafter.db-wal", "notafter.db-shm"] {
            if files.fileExists(atPath: to.path(of: name)) { try to.remove(name) }
            guard files.fileExists(atPath: from.path(of: name)) else { continue }
            try files.copyItem(atPath: from.path(of: name), toPath: to.path(of: name))
        }
    }
}
