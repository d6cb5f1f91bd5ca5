import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// Pages of certificates by the time of their end.
struct CertificatePageTests {
    private func world(_ size: Int) async throws -> LedgerWorld {
        let world = try await LedgerWorld(others: [Registration(name: "root-ca", role: .ca)])
        let changes = (1...size).map { index in
            PathChange.read(
                FilePath("\(index).pem"), changeKey: [1],
                sightings: [.read(world.certificate(UInt32(index), daysLeft: Int64(index % 700) + 40))], defects: [])
        }
        try await world.pass(changes)
        return world
    }

    private func pages(_ selection: PageSelection, of world: LedgerWorld) async throws -> [[Fingerprint]] {
        var (pages, selection): ([[Fingerprint]], PageSelection) = ([], selection)
        while true {
            let page = try await world.ledger.page(selection)
            pages.append(page.entries.map(\.object.fingerprint))
            switch page.rest {
            case .nothing: return pages
            case .page(let position), .unsearched(let position): selection.after = position
            }
        }
    }

    @Test func `the pages together have everything once, in the order of the ends`() async throws {
        let world = try await world(130)
        var selection = PageSelection()
        selection.limit = 25
        let pages = try await pages(selection, of: world)
        #expect(pages.map(\.count) == [25, 25, 25, 25, 25, 5])
        let ends = (1...130).map {
            (days: $0 % 700, fingerprint: world.certificate(UInt32($0), daysLeft: 1).fingerprint)
        }
        let expected = ends.sorted { ($0.days, $0.fingerprint) < ($1.days, $1.fingerprint) }.map(\.fingerprint)
        #expect(pages.flatMap(\.self) == expected)
    }

    @Test func `a page costs the same whatever the size of the ledger`() async throws {
        var steps: [Int] = []
        for size in [150, 900] {
            let world = try await world(size)
            var selection = PageSelection()
            selection.limit = 20
            let first = try await world.ledger.page(selection)
            guard case .page(let position) = first.rest else {
                Issue.record("there is no second page")
                return
            }
            selection.after = position
            let before = world.work.counts
            _ = try await world.ledger.page(selection)
            steps.append(world.work.counts.since(before).steps)
        }
        #expect(Double(steps[1]) <= Double(steps[0]) * 1.2, "\(steps)")
    }

    @Test func `what is left out costs no more than the budget`() async throws {
        let world = try await world(900)
        var selection = PageSelection()
        (selection.limit, selection.budget, selection.text) = (20, 100, "no such name")
        let page = try await world.ledger.page(selection)
        #expect(page.entries.isEmpty)
        guard case .unsearched = page.rest else {
            Issue.record("all was searched")
            return
        }
        #expect(try await pages(selection, of: world).flatMap(\.self).isEmpty)
    }

    @Test func `a certificate that ends with its CA is where the CA ends, once`() async throws {
        let world = try await world(10)
        let (authority, leaf) = (world.certificate(500, daysLeft: 20), world.certificate(3, daysLeft: 1))
        let early = EarlyEnd.Reference(expiry: world.time.now + .days(20), culprit: authority.fingerprint)
        try await world.see(["ca.pem": [authority]])
        _ = try await world.ledger.record(
            [Judgement(fingerprint: leaf.fingerprint, earlyEnd: early)], of: "fleet", by: [1], plan: world.plan,
            at: world.time.now)
        let page = try await world.ledger.page(PageSelection())
        let fingerprints = page.entries.map(\.object.fingerprint)
        #expect(fingerprints.count == 11 && Set(fingerprints).count == 11)
        #expect(Set(fingerprints.prefix(2)) == [authority.fingerprint, leaf.fingerprint])
        let entry = try #require(page.entries.first { $0.object.fingerprint == leaf.fingerprint })
        #expect(entry.standing.authority?.culprit.fingerprint == authority.fingerprint)
        #expect(entry.watchers == ["fleet"] && entry.places == 1)
        let counts = try await world.ledger.expiryCounts(after: world.time.now, weeks: 53)
        #expect(counts.weeks[2].counts == [.certificate: 2])
        #expect(counts.weeks.map(\.total).reduce(0, +) == 11 && counts.total == 11)
    }

    @Test func `a selection has only what it names`() async throws {
        let world = try await world(30)
        var selection = PageSelection()
        selection.until = world.time.now + .days(45)
        #expect(try await world.ledger.page(selection).entries.count == 5)
        selection.registrations = ["root-ca"]
        #expect(try await world.ledger.page(selection).entries.isEmpty)
        selection.registrations = ["fleet"]
        selection.text = "SAMPLE-3"
        #expect(try await world.ledger.page(selection).entries.count == 1)
        selection.text = "sample_%"
        #expect(try await world.ledger.page(selection).entries.isEmpty)
    }
}
