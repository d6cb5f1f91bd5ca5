import Foundation
import TestSupport
import Testing

/// A ledger that cannot be written: reported at once with its path, and never "sent" when the result is unknown.
struct DiskTroubleTests {
    private func expectLedgerError(_ outcome: NotafterProcess.Outcome, _ site: Site, _ place: Comment) {
        #expect(outcome.status == 3, "\(place): \(outcome.errors)")
        #expect(outcome.errors.contains(site.ledger.path), "\(place): \(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(place): \(outcome.errors)")
        #expect(outcome.output.isEmpty, place)
    }

    @Test func `a ledger in a directory that cannot be written is named`() async throws {
        let site = try Site()
        try site.place("a", daysLeft: 10)
        let ordinary = try OrdinaryRights.wrapper
        #expect(chmod(site.directory.path, 0o500) == 0)
        expectLedgerError(
            try await site.run(["scan"] + Site.at(day: 0), wrapper: ordinary), site, "no ledger yet")
        #expect(chmod(site.directory.path, 0o700) == 0)
        #expect(try await site.scan(day: -100).status == 0)
        #expect(chmod(site.ledger.path, 0o400) == 0)
        expectLedgerError(
            try await site.run(["scan"] + Site.at(day: 0), wrapper: ordinary), site, "a ledger to read only")
        #expect(site.ops.requests.isEmpty)
    }

    @Test(arguments: [
        ["list"], ["explain", "CN=a"], ["deliveries"], ["deliveries", "--state", "delivered"], ["silence"],
        ["silence", "list", "--all"], ["forecast", "--at", "2027-01-15T08:00:00Z"],
    ])
    func `a command that only looks needs no write access`(command: [String]) async throws {
        let site = try Site()
        try site.place("a", daysLeft: 10)
        #expect(try await site.scan(day: 0).status == 0)
        let expected = try await site.run(command)
        #expect(expected.status == 0, "\(expected.errors)")
        // With the write-ahead log's index that a reader has left, and without it.
        for leftovers in [[], ["notafter.db-wal", "notafter.db-shm"]] {
            for file in leftovers where FileManager.default.fileExists(atPath: site.directory.path(of: file)) {
                try site.directory.remove(file)
            }
            #expect(chmod(site.ledger.path, 0o400) == 0 && chmod(site.directory.path, 0o500) == 0)
            let outcome = try await site.run(command, wrapper: try OrdinaryRights.wrapper)
            #expect(chmod(site.directory.path, 0o700) == 0)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == expected.output)
        }
    }

    @Test func `what is no ledger is named`() async throws {
        let site = try Site()
        try site.place("a", daysLeft: 10)
        for content in [String(repeating: "no ledger ", count: 1_000), "short"] {
            try site.directory.write(content, to: "notafter.db")
            expectLedgerError(try await site.scan(day: 0), site, "\(content.prefix(10))")
        }
        try site.directory.remove("notafter.db")
        try site.directory.makeDirectory("notafter.db")
        expectLedgerError(try await site.scan(day: 0), site, "a directory")
        #expect(site.ops.requests.isEmpty)
    }

    /// Flipped bytes are detected or harmless. No run crashes, hangs, or repeats a notice.
    @Test func `a damaged ledger is told by its name, and no damage makes a run crash or forget`() async throws {
        let site = try Site()
        for number in 0..<20 { try site.place("a\(number)", daysLeft: 10) }
        try await site.scan(day: 0)
        let told = site.ops.requests.count
        let good = try Data(contentsOf: URL(fileURLWithPath: site.ledger.path))
        var random = SeededGenerator(seed: 1)
        var found = 0
        for round in 0..<40 {
            var damaged = good
            // Page 1 contains the header and the schema, the other pages rows and indexes.
            let end = round < 10 ? 4_096 : damaged.count
            for _ in 0..<16 {
                damaged[Int.random(in: 0..<end, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            }
            for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: site.ledger.path + suffix) {
                try site.directory.remove("notafter.db" + suffix)
            }
            try site.directory.write(Array(damaged), to: "notafter.db")
            let outcome = try await site.scan(day: 0)
            #expect([0, 1, 2, 3].contains(outcome.status), "round \(round): \(outcome.errors)")
            if outcome.status == 3 {
                found += 1
                #expect(outcome.errors.contains(site.ledger.path), "round \(round): \(outcome.errors)")
            }
        }
        #expect(found > 10)
        let ids = try site.ops.messages.map(\.id)
        #expect(Set(ids).count == told, "whatever is sent again bears the id it had")
    }

    @Test(arguments: ["pwrite64:error=ENOSPC", "fdatasync:error=EIO"])
    func `a full or failing disk is told, nothing counts as sent, and all is well once there is room`(fault: String)
        async throws
    {
        let site = try Site()
        for number in 0..<3 { try site.place("a\(number)", daysLeft: 10) }
        let strace = try RequiredTool("strace").path
        let call = try #require(fault.split(separator: ":").first)
        var failures = 0
        for first in [1, 2, 3, 5, 8, 13, 21, 34, 55] {
            for name in ["notafter.db", "notafter.db-wal", "notafter.db-shm"]
            where FileManager.default.fileExists(atPath: site.directory.path(of: name)) {
                try site.directory.remove(name)
            }
            let before = site.ops.requests.count
            let outcome = try await site.run(
                ["scan"] + Site.at(day: 0),
                wrapper: [
                    strace, "-f", "-qqq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                    "inject=\(fault):when=\(first)+",
                ])
            if outcome.status != 0 {
                failures += 1
                expectLedgerError(outcome, site, "\(fault) from \(first) on")
            }
            _ = try await site.scan(day: 0)
            try site.ledger.forgetBoot()
            #expect(try await site.scan(day: 0).status == 0)
            let messages = try site.ops.messages.dropFirst(before)
            #expect(Set(messages.map(\.id)).count == 3, "all are told")
            #expect(messages.count <= 4, "one at most had left and could not be recorded")
            #expect(try site.ledger.integrity() == "ok")
        }
        #expect(failures >= 4)
    }
}
