import Certificates
import ExpiryRules
import TestSupport
import Testing

/// What `list`, `check` and the pages take by one filter.
struct CertificateFilterTests {
    private static let now = Instant(seconds: 1_800_000_000)

    private static let edge = Registration(
        name: "edge", role: .client, owner: "platform", labels: ["team": "edge", "tier": "1"])
    private static let mesh = Registration(name: "mesh", role: .ca, owner: "security", labels: ["team": "mesh"])

    /// A client certificate of `edge` that is in warning and ends in 20 days.
    private static func item(
        ending expiry: Expiry = .at(now + .days(20)), _ state: CertificateState = .warning,
        _ codes: Set<FindingCode> = [.issuerUnknown], seenBy registrations: [Registration] = [edge], isCA: Bool = false
    ) -> SelectedItem {
        SelectedItem(
            .certificate(.sample(1, notAfter: now + .days(20), isCA: isCA)), ending: expiry, in: state, with: codes,
            seenBy: registrations)
    }

    private static func filter(_ change: (inout CertificateFilter) -> Void) -> CertificateFilter {
        var filter = CertificateFilter()
        change(&filter)
        return filter
    }

    private static func people(_ texts: String...) -> CertificateFilter {
        filter { filter in
            filter.registrations = NoticeMatchers(
                texts.compactMap { text in
                    let parts = text.split(separator: "=").map(String.init)
                    return NoticeField(name: parts[0]).map { NoticeMatcher($0, [NamePattern(parts[1])]) }
                })
        }
    }

    private static let byDate: [(String, CertificateFilter, SelectedItem, Bool)] = [
        ("everything", CertificateFilter(), item(), true),
        ("by its end", filter { $0.deadline = now + .days(20) }, item(), true),
        ("not a second before", filter { $0.deadline = now + .days(20) - TimeSpan(seconds: 1) }, item(), false),
        ("what has ended", filter { $0.deadline = now }, item(ending: .at(now - .days(1)), .expired), true),
        ("from its end", filter { $0.beginning = now + .days(20) }, item(), true),
        ("not a second later", filter { $0.beginning = now + .days(20) + TimeSpan(seconds: 1) }, item(), false),
        ("an unreadable end may be over", filter { $0.deadline = now }, item(ending: .unreadable), true),
        ("and is not known to come", filter { $0.beginning = now }, item(ending: .unreadable), false),
        ("no end is never over", filter { $0.deadline = now + .days(40_000) }, item(ending: .never), false),
        ("and comes after all others", filter { $0.beginning = now }, item(ending: .never), true),
    ]

    private static let byCondition: [(String, CertificateFilter, SelectedItem, Bool)] = [
        ("one of its states", filter { $0.states = [.critical, .warning] }, item(), true),
        ("no other state", filter { $0.states = [.critical] }, item(), false),
        ("one of its findings", filter { $0.codes = [.issuerUnknown, .notYetValid] }, item(), true),
        ("no other finding", filter { $0.codes = [.notYetValid] }, item(), false),
        (
            "no finding at all", filter { $0.codes = [.notYetValid] }, item(ending: .at(now + .days(20)), .warning, []),
            false
        ),
        (
            "all conditions at once",
            filter {
                $0.codes = [.issuerUnknown]
                $0.states = [.ok]
            }, item(), false
        ),
    ]

    private static let byRegistration: [(String, CertificateFilter, SelectedItem, Bool)] = [
        ("the role of its registration", filter { $0.kinds = [.client] }, item(), true),
        ("not what it is itself", filter { $0.kinds = [.ca] }, item(isCA: true), false),
        ("without one, what it is", filter { $0.kinds = [.ca] }, item(seenBy: [], isCA: true), true),
        ("without one, a leaf", filter { $0.kinds = [.leaf] }, item(seenBy: []), true),
        ("no leaf with a registration", filter { $0.kinds = [.leaf] }, item(), false),
        ("any of its registrations", filter { $0.kinds = [.ca] }, item(seenBy: [edge, mesh]), true),
        ("an owner", people("owner=platform"), item(), true),
        ("an owner by a pattern", people("owner=plat*"), item(), true),
        ("another owner", people("owner=security"), item(), false),
        ("no owner without a registration", people("owner=*"), item(seenBy: []), false),
        ("a label", people("label.team=edge"), item(), true),
        ("two labels", people("label.team=edge", "label.tier=1"), item(), true),
        (
            "two labels of two registrations", people("label.team=mesh", "label.tier=1"), item(seenBy: [edge, mesh]),
            false
        ),
        ("a registration", people("registration=ed?e"), item(), true),
    ]

    @Test(arguments: byDate + byCondition + byRegistration)
    func `a filter takes what meets all its conditions`(
        name: String, filter: CertificateFilter, item: SelectedItem, isTaken: Bool
    ) {
        #expect(filter.takes(item) == isTaken, "\(name)")
    }

    @Test(arguments: [
        (CertificateFilter(), [String]?.none), (filter { $0.kinds = [.crl] }, nil),
        (filter { $0.kinds = [.client] }, ["edge"]), (filter { $0.kinds = [.client, .leaf] }, nil),
        (people("owner=sec*"), ["mesh"]), (people("owner=none"), []),
    ])
    func `only the registrations that can have it are searched`(filter: CertificateFilter, names: [String]?) {
        #expect(filter.candidates(among: [Self.edge, Self.mesh]).map { $0.map(\.name) } == names)
    }

    private static let finding = Finding(
        registration: "edge", code: .lostFromSight, place: "/pki", severity: .critical,
        facts: .place(.emptied(place: "/pki", content: .certificate)))

    @Test(arguments: [
        (CertificateFilter(), true), (filter { $0.states = [.critical] }, true),
        (filter { $0.states = [.warning] }, false), (filter { $0.codes = [.lostFromSight] }, true),
        (filter { $0.codes = [.issuerUnknown] }, false), (filter { $0.kinds = [.client] }, true),
        (filter { $0.kinds = [.ca] }, false), (filter { $0.deadline = now }, false),
        (people("owner=platform"), true), (people("owner=security"), false),
    ])
    func `a finding without a certificate is taken by its severity and registration`(
        filter: CertificateFilter, isTaken: Bool
    ) {
        #expect(filter.takes(Self.finding, of: Self.edge, bornBy: []) == isTaken)
    }

    @Test func `a finding of a certificate is taken with the certificate`() {
        let filter = Self.filter { $0.deadline = Self.now + .days(30) }
        #expect(filter.takes(Self.finding, of: Self.edge, bornBy: [Self.item()]))
        #expect(!filter.takes(Self.finding, of: Self.edge, bornBy: [Self.item(ending: .at(Self.now + .days(31)))]))
    }

    @Test func `what is unreadable is taken unless its registration rules it out`() {
        #expect(Self.filter { $0.states = [.ok] }.takesDefect(of: Self.edge))
        #expect(!Self.filter { $0.kinds = [.ca] }.takesDefect(of: Self.edge))
        #expect(Self.filter { $0.kinds = [.ca] }.takesDefect(of: nil))
        #expect(!Self.people("owner=platform").takesDefect(of: nil))
    }
}
