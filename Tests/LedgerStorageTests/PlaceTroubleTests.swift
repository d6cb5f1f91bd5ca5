import Certificates
import ExpiryRules
import LedgerStorage
import Testing

/// How many passes must find trouble at a place before it is told.
struct PlaceTroubleTests {
    private static let failed = SourceOutcome.lost(Defect(.readFailed, "it ended with 1"))

    /// `g` is a good pass, `f` one in which the place could not be read, `e` one in which it held nothing.
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
            // Who heard of the beginning hears of the end.
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
