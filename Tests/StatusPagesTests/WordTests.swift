import Certificates
import ExpiryRules
import LedgerStorage
import Testing

@testable import StatusPages

struct WordTests {
    /// The words that templates and stored values ask for.
    private static var asked: Set<String> {
        let ofTemplates = PageTemplate.allCases.flatMap {
            $0.source.matches(of: /\[\[([^\[\]]+)\]\]/).map { String($0.1) }
        }
        let stored: [String] =
            CertificateState.allCases.map(\.rawValue) + DeliveryState.allCases.map(\.rawValue)
            + NoticeKind.allCases.map(\.rawValue) + EndReason.allCases.map(\.rawValue)
            + AttemptOutcome.allCases.map(\.rawValue) + Role.allCases.map(\.rawValue)
            + StateMark.Level.allCases.map(\.rawValue) + DeliveryPage.Selection.allCases.map(\.rawValue)
        return Set(ofTemplates + stored.map { $0.replacing("_", with: " ") } + Timeline.monthNames)
    }

    @Test func `the Japanese table has every word`() {
        #expect(Self.asked.count > 120)
        #expect(Self.asked.subtracting(Words.japanese.keys).sorted() == [])
    }

    @Test func `every language has its own words for every distance`() {
        for unit: Int64 in [1, 120, 7_200, 172_800] {
            for sign: Int64 in [1, -1] {
                let distance = Distance(TimeSpan(seconds: unit * sign))
                #expect(distance.english.contains(sign > 0 ? "in " : " ago"))
                #expect(distance.japanese.hasSuffix(sign > 0 ? "後" : "前"))
            }
        }
        #expect(Distance(.days(13)).english == "in 13 days")
    }

    @Test(arguments: [
        ("CN=a,O=b", "a"), ("O=b,CN=a\\,c,C=JP", "a\\,c"), ("O=b", "O=b"), ("", "DNS:x"), ("CN=", "CN="),
        ("DC=x+CN=y", "y"),
    ])
    func `a short name is the common name, or else what people know it by`(subject: String, name: String) {
        #expect(ShortName(subject: subject, alternativeNames: ["DNS:x"]).text == name)
    }
}
