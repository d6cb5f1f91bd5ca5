import Certificates
import ExpiryRules
import LedgerStorage
import Testing

/// How many passes must find a problem at a place before it is reported.
struct PlaceTroubleTests {
    private static let failed = SourceOutcome.lost(Defect(.readFailed, "it ended with 1"))

    /// `g` is a good pass, `f` one in which the place could not be read, `e` one in which it was empty.
    @Test(
        arguments: [
            (SourceKey.Kind.command, nil, "gfgfg", "-----"), (.command, nil, "gffg", "--fr"),
            (.url, nil, "gfffgf", "--f-r-"),
            (.command, nil, "fg", "--"), (.command, nil, "ff", "-f"), (.command, nil, "geg", "---"),
            (.command, nil, "gfeg", "--fr"),
            (.command, 1, "gfg", "-fr"), (.command, 3, "gffgfff", "------f"), (.file, nil, "gfg", "-fr"),
            (.file, 2, "gfgff", "----f"),
        ] as [(SourceKey.Kind, Int?, String, String)])
    func `trouble is told after enough passes in a row, and its end at once`(
        kind: SourceKey.Kind, failuresBeforeAlert: Int?, passes: String, told: String
    ) async throws {
        let world = try await LedgerWorld(
            others: [Registration(name: "net", role: .client, failuresBeforeAlert: failuresBeforeAlert)])
        let source = SourceKey(kind: kind, registration: "net", place: "place")
        let certificate = world.certificate(1, daysLeft: 400)
        var heard = ""
        for pass in passes {
            let notices =
                switch pass {
                case "g": try await world.see(["place": [certificate]], in: source)
                case "e": try await world.see(["place": []], in: source)
                default: try await world.pass([], source, outcome: Self.failed)
                }
            // A receiver of the beginning also gets the end.
            try await world.deliver()
            heard += notices.isEmpty ? "-" : notices.map { $0.summary == "finding" ? "f" : "r" }.joined()
            world.time.advance(by: .hours(1))
        }
        #expect(heard == told)
    }

    @Test func `trouble that goes on after it was told needs no count, whatever the configuration says by then`()
        async throws
    {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 400)]])
        let closed = PathChange.unreadable(
            FilePath("/pki/etcd"), Defect(.permissionDenied, "/pki/etcd: it cannot be listed"))
        #expect(try await world.pass([closed]).map(\.summary) == ["finding"])
        #expect(try await world.pass([closed]).isEmpty)
        let finding = try #require(try await world.ledger.openFindings().first)
        #expect(finding.code == .lostFromSight && finding.severity == .critical)
        #expect(finding.message.contains("1 place") && finding.message.contains("/pki/etcd: it cannot be listed"))
    }

    /// How many places below the registered one cannot be read in each pass (`.max` for all), and the notices.
    @Test(
        arguments: [
            ("another one is told", [1, 2], ["finding", "finding"]),
            ("not each time", [1, 2, 2, 2], ["finding", "finding", "-", "-"]),
            ("one that is mended is no news", [2, 1, 1], ["finding", "-", "-"]),
            ("but it is when it breaks again", [2, 1, 2], ["finding", "-", "finding"]),
            ("the loss of all is told", [1, .max], ["finding", "finding"]),
            ("all that are left are no news", [.max, 1], ["finding", "-"]),
        ] as [(String, [Int], [String])])
    func `a finding that is open is told again when more places are lost`(
        what: String, lost: [Int], told: [String]
    ) async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 400)]])
        let defect = Defect(.permissionDenied, "it cannot be listed")
        var heard: [String] = []
        for count in lost {
            world.time.advance(by: .hours(2))
            let notices =
                if count == .max {
                    try await world.pass([], outcome: .lost(Defect(.notFound, "it does not exist")))
                } else {
                    try await world.pass(
                        (0..<3).map { number in
                            let path = FilePath("/pki/\(number)")
                            return number < count ? .unreadable(path, defect) : .gone(path)
                        })
                }
            heard.append(notices.first?.summary ?? "-")
            try await world.deliver()
        }
        #expect(heard == told, "\(what)")
    }

    @Test func `more lost places within an hour wait for its end`() async throws {
        let world = try await LedgerWorld()
        try await world.see(["a.pem": [world.certificate(1, daysLeft: 400)]])
        let defect = Defect(.permissionDenied, "it cannot be listed")
        let changes = (0..<3).map { PathChange.unreadable(FilePath("/pki/\($0)"), defect) }
        #expect(try await world.pass([changes[0]]).count == 1)
        world.time.advance(by: TimeSpan(seconds: 600))
        #expect(try await world.pass([changes[1], changes[2]]).isEmpty)
        world.time.advance(by: TimeSpan(seconds: 3_000))
        let notices = try await world.pass(changes)
        #expect(notices.count == 1)
        #expect(try await world.ledger.openFindings().first?.message.contains("3 places") == true)
    }

    @Test func `what is skipped is trouble only where certificates were seen`() async throws {
        let world = try await LedgerWorld()
        let closed = Defect(.permissionDenied, "closed")
        try await world.see([
            "a.pem": [world.certificate(1, daysLeft: 400)], "private/b.pem": [world.certificate(2, daysLeft: 400)],
        ])
        #expect(try await world.pass([.skipped(FilePath("tls.key"), closed)]).isEmpty)
        #expect(try await world.ledger.defects().isEmpty)
        #expect(try await world.pass([.skipped(FilePath("private"), closed)]).map(\.summary) == ["finding"])
        #expect(try await world.ledger.defects().map(\.path) == ["private"])
    }
}
