import Certificates
import ExpiryRules
import Testing

struct NoticeMatcherTests {
    private let traits = NoticeTraits(
        registration: "edge-clients", role: .client, owner: "platform", labels: ["team": "edge", "tier": "1"],
        severity: .critical, endpoint: "api", fingerprint: Fingerprint(bytes: Array(repeating: 0xAB, count: 32)),
        subject: "CN=device-7, O=Example")
    private let finding = NoticeTraits(
        registration: "edge-ca", role: .ca, severity: .warning, code: .weakKey)

    @Test(arguments: [
        ("registration=edge-clients", true), ("registration=edge-*", true), ("registration=*clients", true),
        ("registration=edge-client?", true), ("registration=edge", false), ("registration=Edge-clients", false),
        ("role=client", true), ("role=c*", true), ("role=server", false),
        ("owner=platform", true), ("owner=*", true), ("owner=security", false),
        ("label.team=edge", true), ("label.team=e*", true), ("label.team=core", false), ("label.stage=*", false),
        ("severity=critical", true), ("severity=warning", false),
        ("code=weak_key", false), ("code=*", false),
        ("endpoint=api", true), ("endpoint=a*", true), ("endpoint=www", false),
        ("fingerprint=abab*", true), ("fingerprint=AB:AB:*", true), ("fingerprint=abac*", false),
        ("subject=CN=device-*", true), ("subject=*O=Example", true), ("subject=device-7", false),
    ])
    func `a field matches by its text or by a glob`(text: String, matches: Bool) throws {
        #expect(try NoticeMatchers(parsing: [text]).matches(traits) == matches)
    }

    @Test(arguments: [
        ("code=weak_key", true), ("code=weak_*", true), ("code=revoked", false), ("role=ca", true),
        ("owner=*", false), ("endpoint=*", false), ("fingerprint=*", false), ("subject=*", false),
    ])
    func `what a notice lacks matches nothing`(text: String, matches: Bool) throws {
        #expect(try NoticeMatchers(parsing: [text]).matches(finding) == matches)
    }

    @Test(arguments: [
        (["registration=edge-*", "severity=critical"], true),
        (["registration=edge-*", "severity=warning"], false),
        (["owner=security", "owner=platform"], true),
        (["owner=security", "owner=platform", "role=ca"], false),
        (["label.team=edge", "label.tier=1"], true),
        (["label.team=edge", "label.tier=2"], false),
    ])
    func `all fields must match, each by any of its patterns`(texts: [String], matches: Bool) throws {
        #expect(try NoticeMatchers(parsing: texts).matches(traits) == matches)
    }

    @Test(arguments: [
        ["registration=edge-*", "registration=core", "label.team=edge"], ["subject=CN=a=b, O=*"],
        ["severity=warning", "code=went_backwards", "role=ca", "owner=x y", "endpoint=api"],
        ["fingerprint=" + String(repeating: "ab", count: 32)],
    ])
    func `what is printed is what is read`(texts: [String]) throws {
        let matchers = try NoticeMatchers(parsing: texts)
        #expect(matchers.texts == texts)
        #expect(try NoticeMatchers(parsing: matchers.texts) == matchers)
        #expect(matchers.description == texts.joined(separator: ", "))
    }

    @Test func `a fingerprint is read as people copy it`() throws {
        let copied = Array(repeating: "AB", count: 32).joined(separator: ":")
        let matchers = try NoticeMatchers(parsing: ["fingerprint=" + copied])
        #expect(matchers.matches(traits))
        #expect(matchers.texts == ["fingerprint=" + String(repeating: "ab", count: 32)])
    }

    @Test(
        arguments: [
            ([], .nothingNamed),
            (["edge"], .notKeyAndValue("edge")),
            (["team=edge"], .unknownKey("team")),
            (["label.=edge"], .unknownKey("label.")),
            (["owner="], .emptyValue(.owner)),
            (["severity=fatal"], .unknownValue("fatal", of: .severity, known: Severity.allCases.map(\.rawValue))),
            (["role=boss"], .unknownValue("boss", of: .role, known: Role.allCases.map(\.rawValue))),
            (["code=weak"], .unknownValue("weak", of: .code, known: FindingCode.allCases.map(\.rawValue))),
            (["fingerprint=abab"], .badFingerprint("abab")),
            (["fingerprint=api*"], .badFingerprint("api*")),
            (["registration=a", "severity"], .notKeyAndValue("severity")),
        ] as [([String], NoticeMatcherError)])
    func `what cannot be meant is refused, with what would be`(texts: [String], error: NoticeMatcherError) {
        #expect(throws: error) { try NoticeMatchers(parsing: texts) }
        #expect(!error.description.isEmpty)
    }

    @Test func `a plan says what a registration brings to a notice`() {
        let registration = Registration(
            name: "edge-clients", role: .client, owner: "platform", labels: ["team": "edge", "tier": "1"],
            endpoint: "api")
        let plan = WatchPlan(registrations: [registration], route: Route(receivers: []))
        #expect(
            plan.traits(
                ofNoticeFor: "edge-clients", severity: .critical, fingerprint: traits.fingerprint,
                subject: traits.subject) == traits)
        #expect(
            plan.traits(ofNoticeFor: Finding.machine, severity: .warning, code: .clockStepped)
                == NoticeTraits(registration: "notafter", severity: .warning, code: .clockStepped))
    }

    @Test func `known values are those of the closed sets and of what is registered`() {
        let registrations = [
            Registration(name: "ca", role: .ca), Registration(name: "api", role: .server, endpoint: "api"),
            Registration(name: "api/client", role: .client, endpoint: "api"),
        ]
        #expect(NoticeField.registration.knownValues(among: registrations) == ["ca", "api", "api/client", "notafter"])
        #expect(NoticeField.endpoint.knownValues(among: registrations) == ["api"])
        #expect(NoticeField.role.knownValues(among: registrations) == Role.allCases.map(\.rawValue))
        #expect(NoticeField.owner.knownValues(among: registrations) == nil)
        #expect(NoticeField.label("team").knownValues(among: registrations) == nil)
    }
}
