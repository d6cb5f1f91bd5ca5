import Certificates
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing

/// The built-in texts are complete in every language.
struct PhrasebookTests {
    static let remedies: [Remedy] = [
        .renewAuthority(hostnames: []), .renewAuthority(hostnames: ["api.example.com"]),
        .uploadToCloudflareAccess(hostnames: []), .uploadToCloudflareAccess(hostnames: ["api.example.com"]),
        .uploadToTrustStore, .renewAndReplace, .issueList, .renewAuthorityFirst(name: "CN=Root"),
    ]

    /// All texts of a phrasebook by their subjects.
    private func everything(_ language: Language) -> [String: String] {
        let book = language.phrasebook
        var said: [String: String] = [:]
        for kind in NoticeKind.allCases {
            let words = NoticeWords(NoticeSample.facts(kind), registration: NoticeSample.registration)
            said["title \(kind)"] = book.title(words)
            said["text \(kind)"] = book.text(words)
        }
        for (index, line) in book.summaryLines(NoticeSample.fullSummary, at: NoticeSample.now).enumerated()
        where !line.hasPrefix("- 20") && !line.hasPrefix("- fleet") {
            said["summary \(index)"] = line
        }
        for (index, line) in book.summaryLines(SummaryFacts(since: NoticeSample.now), at: NoticeSample.now).enumerated()
        {
            said["empty summary \(index)"] = line
        }
        for (index, remedy) in Self.remedies.enumerated() { said["remedy \(index)"] = book.remedy(remedy) }
        for code in FindingCode.allCases {
            said["finding \(code)"] = code.name(in: language)
            said["remedy for \(code)"] = code.remedy(in: language)
        }
        for field in FieldName.allCases where field != .fingerprint { said["label \(field)"] = book.label(field) }
        for finder in NoticeWords.Finder.allCases { said["finder \(finder)"] = book.finder(finder) }
        for failure in [TemplateFailure.empty, .tooLong, .unusable("a.mustache:1:2: a tag is malformed")] {
            said["template \(failure)"] = book.templateFailed(failure)
        }
        said["affects"] = book.everybodyWhoPresents()
        said["test title"] = book.testTitle()
        said["test text"] = book.testText(receiver: "ops")
        return said
    }

    @Test func `every language says everything, each in its own words`() {
        let english = everything(.english)
        let japanese = everything(.japanese)
        #expect(Set(english.keys) == Set(japanese.keys))
        for (key, text) in english {
            #expect(!text.isEmpty && text != japanese[key], "\(key)")
            #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(key) is English: \(text)")
        }
        for (key, text) in japanese {
            let isJapanese = text.unicodeScalars.contains {
                (0x3040...0x30FF).contains($0.value) || (0x4E00...0x9FFF).contains($0.value)
            }
            #expect(isJapanese, "\(key): \(text)")
        }
        for language in Language.allCases {
            let said = everything(language)
            let findings = FindingCode.allCases.flatMap { [said["finding \($0)"], said["remedy for \($0)"]] }
            #expect(Set(findings).count == 2 * FindingCode.allCases.count, "two findings say the same")
        }
    }

    @Test(arguments: Language.allCases)
    func `what matters is in the text: what, when, where, whose, and what to do`(language: Language) {
        let words = NoticeWords(NoticeSample.facts(.expiring), registration: NoticeSample.registration)
        let text = language.phrasebook.text(words)
        for part in [
            "CN=billing", "fleet", "2027-01-25T08:00:00Z", "/pki/CN=billing.pem", "platform", "api.example.com", "10",
            "30",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
    }

    @Test(arguments: [
        (Dependents(certificates: 1), "1 registered certificate depends on it."),
        (Dependents(certificates: 2), "2 registered certificates depend on it."),
        (Dependents(endpoints: ["worker"]), "The endpoint worker depends on it."),
        (Dependents(endpoints: ["worker", "api"]), "The endpoints worker and api depend on it."),
        (
            Dependents(certificates: 1, endpoints: ["worker"]),
            "1 registered certificate and the endpoint worker depend on it."
        ),
    ])
    func `what depends on a certificate is said in the right number`(dependents: Dependents, sentence: String) {
        let facts = NoticeSample.facts(.expiring, missed: [], dependents: dependents)
        let text = Language.english.phrasebook.text(NoticeWords(facts, registration: NoticeSample.registration))
        #expect(text.hasSuffix(" " + sentence), "\(text)")
    }

    @Test func `a Japanese message of a finding has the remedy once, and in Japanese`() {
        let code = FindingCode.lostFromSight
        let facts = NoticeSample.facts(.finding, finding: .recorded("/pki cannot be seen. \(code.remedy)"))
        let text = Language.japanese.phrasebook.text(NoticeWords(facts, registration: NoticeSample.registration))
        #expect(!text.contains(code.remedy), "\(text)")
        #expect(text.hasSuffix("/pki cannot be seen. \(code.remedy(in: .japanese))"), "\(text)")
    }

    @Test func `a missed notice is named by the time before the end, in days or hours`() {
        let since = NoticeSample.now - .days(3)
        let one = NoticeSample.facts(.expiring, missed: [TimeSpan(seconds: 1_008 * 60)])
        let two = NoticeSample.facts(.expired, missed: [.days(30), .hours(36)], notObservedSince: since)
        let (english, japanese) = (Language.english.phrasebook, Language.japanese.phrasebook)
        func words(_ facts: NoticeFacts) -> NoticeWords { NoticeWords(facts, registration: NoticeSample.registration) }
        #expect(english.text(words(one)).hasSuffix(" It was first seen less than 16 hours before its end."))
        #expect(
            english.text(words(two)).hasSuffix(
                " The notices due 30 days and 36 hours before its end were missed: it was not checked after \(since)."))
        #expect(japanese.text(words(one)).hasSuffix("初めて確認した時点で、すでに期限の16時間前を過ぎていました。"))
        #expect(
            japanese.text(words(two)).hasSuffix(
                "\(since) 以降は確認が行われなかったため、期限の30日前と36時間前の通知が送られていません。"))
    }

    @Test(arguments: Language.allCases)
    func `a summary says every figure, names the first and counts the rest`(language: Language) {
        let lines = language.phrasebook.summaryLines(NoticeSample.fullSummary, at: NoticeSample.now)
        #expect(lines.count == 28)
        let text = lines.joined(separator: "\n")
        for part in [
            "120", "14", "168", "12", "11", "2027-01-15T07:00:00Z", "2027-01-08T08:00:00Z", "2027-01-17T08:00:00Z",
            "CN=billing", "/pki/0/CN=billing",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
    }

    @Test(arguments: Language.allCases)
    func `a title fits into a subject line`(language: Language) {
        for kind in NoticeKind.allCases {
            let words = NoticeWords(NoticeSample.facts(kind), registration: NoticeSample.registration)
            // Opsgenie's limit of 130 characters is the lowest of all services.
            #expect(language.phrasebook.title(words).utf16.count <= 130)
        }
    }

    @Test func `the remedy for a CA of Cloudflare Access names the hostnames`() {
        let remedy = Remedy.uploadToCloudflareAccess(hostnames: ["api.example.com", "www.example.com"])
        #expect(
            Language.english.phrasebook.remedy(remedy)
                == "Upload a renewed CA to Cloudflare Access and attach api.example.com and www.example.com")
        #expect(Language.japanese.phrasebook.remedy(remedy).contains("「api.example.com」、「www.example.com」"))
    }
}
