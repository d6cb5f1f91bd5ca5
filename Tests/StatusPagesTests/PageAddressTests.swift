import Certificates
import LedgerStorage
import Testing

@testable import StatusPages

struct PageAddressTests {
    private static let fingerprint = Fingerprint(bytes: [UInt8](repeating: 0xAB, count: 32))

    @Test func `an address reads what it wrote`() throws {
        let fingerprint = try #require(Self.fingerprint)
        var query = CertificateQuery()
        (query.role, query.owner, query.label, query.text) = (.client, "a&b=c", "team=edge %", "é\u{0}+")
        (query.state, query.within) = (.notOK, 30)
        (query.from, query.until) = (Instant(seconds: 1_799_971_200), Instant(seconds: 1_800_057_600))
        query.after = ExpiryPosition(seconds: -99_999_999_999, fingerprint: fingerprint)
        let addresses: [PageAddress] = [
            .overview, .certificates(CertificateQuery()), .certificates(query), .certificate(fingerprint),
            .endpoints(after: ""), .endpoints(after: "a/b?c"), .endpoint("a/b c?"), .endpoint(".."),
            .deliveries(.all, before: nil), .deliveries(.parked, before: 17), .silences, .health, .styleSheet, .icon,
        ]
        for address in addresses {
            let parts = address.relativePath.split(separator: "?", maxSplits: 1).map(String.init)
            let path = parts[0] == "./" ? "/" : "/" + parts[0]
            #expect(PageAddress(path: path, query: parts.count > 1 ? parts[1] : nil) == address, "\(path)")
        }
    }

    @Test func `a value that is not known is left out, and named`() {
        let query = CertificateQuery(PageQuery("state=good&within=-1&label=x&role=ca&from=2026-13-01&after=1-2"))
        #expect(query.role == .ca)
        #expect(query.state == nil && query.within == nil && query.label == nil)
        #expect(query.unknown == ["label=x", "state=good", "within=-1", "from=2026-13-01", "after=1-2"])
    }

    @Test(arguments: [
        ("ja", Language.japanese), ("ja-JP,ja;q=0.9,en;q=0.8", .japanese), ("en-US,en;q=0.9,ja;q=0.8", .english),
        ("fr", .english), ("fr,ja;q=0.1", .japanese), ("ja;q=0,en", .english), ("", .english), (";;,,q=", .english),
    ])
    func `the language is the one that a browser likes best`(header: String, language: Language) {
        #expect(Language(accepting: header) == language)
    }
}
