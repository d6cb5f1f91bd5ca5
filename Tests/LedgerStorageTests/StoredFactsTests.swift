import Certificates
import ExpiryRules
import Testing

@testable import LedgerStorage

struct StoredFactsTests {
    @Test(arguments: [
        [], ["DNS:a.example.com"], ["DNS:a\nDNS:b", "DNS:c"], ["URI:back\\slash", "URI:\\n"], ["", "DNS:x"],
    ])
    func `alternative names come back as they were`(names: [String]) async throws {
        let world = try await LedgerWorld()
        let certificate = Certificate.sample(1, notAfter: world.time.now + .days(10), alternativeNames: names)
        let notices = try await world.see(["a.pem": [certificate]])
        #expect(notices.first?.certificate == certificate)
    }

    private static let fingerprint = Certificate.sample(1, notAfter: Instant(seconds: 0)).fingerprint

    @Test(arguments: [
        NoticeSubject.certificate(fingerprint), .object(fingerprint, .revocationList), .summary,
        .finding(registration: "fleet", code: .lostFromSight, place: "/pki:endpoint_failing:/x"),
        .finding(registration: "notafter", code: .clockStepped, place: ""),
        .finding(registration: "https://a:443", code: .endpointFailing, place: "https://a:443/"),
    ])
    func `a notice's subject comes back as it was`(subject: NoticeSubject) {
        #expect(NoticeSubject(text: subject.text) == subject)
    }

    @Test(arguments: [
        "", "summary:", "certificate:00", "certificate", "key:\(fingerprint)", "finding:fleet:lost_from_sight",
        "finding:fleet:of_a_newer_version:/pki", "Finding:fleet:lost_from_sight:/pki",
    ])
    func `a subject that is not known is none`(text: String) {
        #expect(NoticeSubject(text: text) == nil)
    }

    @Test(
        arguments: [
            ("UPDATE notices SET subject = 'finding:fleet:of_a_newer_version:/pki'", "of_a_newer_version"),
            ("UPDATE notices SET kind = 'of_a_newer_version'", "of_a_newer_version"),
            ("UPDATE notices SET missed = '30d'", "30d"),
        ] as [(SQLText, String)])
    func `a stored value that is not known is an error that shows it`(change: SQLText, value: String) async throws {
        let world = try await LedgerWorld()
        let notices = try await world.see(["a.pem": [.sample(1, notAfter: world.time.now + .days(10))]])
        let identities = notices.map(\.identity)
        #expect(try await world.ledger.deliveries(in: DeliveryState.allCases).count == 1)
        _ = try await world.engine.write { try $0.execute(change, []) }
        let error = try await #require(throws: LedgerError.self) {
            _ = try await world.ledger.deliveries(in: DeliveryState.allCases)
            _ = try await world.ledger.notices(of: identities, at: world.time.now)
        }
        #expect("\(error)".contains(value), "\(error)")
    }
}
