import Certificates
import ExpiryRules
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing

/// The messages about findings, in every language.
struct FindingMessageTests {
    private func facts(_ kind: NoticeKind, _ code: FindingCode, _ finding: FindingFacts) -> NoticeFacts {
        let subject = NoticeSubject.finding(registration: "fleet", code: code, place: "/pki")
        return NoticeFacts(
            identity: NoticeIdentity(subject: subject, kind: kind, stage: -1, episode: 0), registration: "fleet",
            severity: code.severity, finding: finding, occurredAt: FindingSamples.date, observedAt: NoticeSample.now,
            missed: [], notObservedSince: nil, object: nil, successor: nil, locations: [], askedAt: NoticeSample.now)
    }

    private func text(_ kind: NoticeKind, _ code: FindingCode, _ finding: FindingFacts, _ language: Language) -> String
    {
        language.phrasebook.text(
            NoticeWords(facts(kind, code, finding), registration: NoticeSample.registration))
    }

    @Test(arguments: FindingCode.allCases, Language.allCases)
    func `a message says what, since when, where and the next step, in at most three sentences`(
        code: FindingCode, language: Language
    ) {
        for finding in FindingSamples.facts(of: code) {
            let text = text(.finding, code, finding, language)
            let name = code.name(in: language)
            let isNamed = text.hasPrefix(name) || text.hasPrefix(name.prefix(1).uppercased() + name.dropFirst())
            #expect(isNamed && text.contains(FindingSamples.date.description), "\(text)")
            #expect(text.ranges(of: finding.remedy(of: code, in: language)).count == 1, "\(text)")
            #expect(Prose(text, in: language).sentenceCount <= 3, "\(text)")
            for word in Prose.avoided { #expect(!text.contains(word), "\(word): \(text)") }
        }
    }

    @Test(arguments: FindingCode.allCases, [NoticeKind.finding, .findingResolved])
    func `a Japanese message has no English sentence`(code: FindingCode, kind: NoticeKind) {
        for finding in FindingSamples.facts(of: code) {
            let prose = Prose(text(kind, code, finding, .japanese), in: .japanese)
            #expect(prose.englishWords == nil, "\(prose.englishWords ?? ""): \(prose.text)")
            #expect(prose.badPunctuation == nil, "\(prose.badPunctuation ?? ""): \(prose.text)")
        }
    }

    @Test(arguments: Language.allCases)
    func `the end of a finding has no remedy`(language: Language) {
        for (code, finding) in FindingSamples.all {
            let text = text(.findingResolved, code, finding, language)
            #expect(!text.contains(finding.remedy(of: code, in: language)), "\(text)")
            #expect(Prose(text, in: language).sentenceCount == 1, "\(text)")
        }
    }

    @Test func `a Japanese message about a certificate has no English sentence either`() {
        let dependents = Dependents(certificates: 3, endpoints: ["access-login", "worker"])
        for kind in [NoticeKind.expiring, .expired, .renewed, .removed, .withdrawn] {
            let facts = NoticeSample.facts(kind, dependents: dependents)
            let text = Language.japanese.phrasebook.text(
                NoticeWords(facts, registration: NoticeSample.registration))
            #expect(Prose(text, in: .japanese).englishWords == nil, "\(text)")
            if kind == .expiring || kind == .expired {
                #expect(text.contains("登録済みの証明書3件とエンドポイント「access-login」、「worker」も使えなくなります。"), "\(text)")
            }
        }
    }
}
