import Certificates
import ExpiryRules
import LedgerStorage
import Testing

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

    @Test func `a place may hold what looks like another finding`() {
        let subject = NoticeSubject.finding(
            registration: "fleet", code: .lostFromSight, place: "/pki:endpoint_failing:/x")
        #expect(subject.findingCode == .lostFromSight)
    }
}
