import Certificates
import ExpiryRules
import LedgerStorage

/// One endpoint: the probes with and without the client certificate, the history, and what was sent about it.
struct EndpointPage {
    private static let hourLimit = 168

    let content: PageContent

    init(_ context: PageContext, _ name: String) async throws {
        guard let endpoint = try await context.ledger.endpointOverview(of: name) else {
            content = .missing(context.words)
            return
        }
        let (ledger, words) = (context.ledger, context.words)
        let hours = Array(try await ledger.history(of: name).hours.suffix(Self.hourLimit))
        let findings = try await ledger.openFindings().filter { $0.registration == name }
        let subject = NoticeSubject.finding(registration: name, code: .endpointFailing, place: name)
        let story = Story(
            decisions: try await ledger.decisions(about: subject),
            deliveries: try await ledger.deliveries(about: subject), context: context)
        var chain: [PageValues] = []
        for fingerprint in try await ledger.fingerprints(presentedBy: name) {
            guard let life = try await ledger.life(of: fingerprint) else { continue }
            chain.append(
                [
                    "relative": .text(ShortName(of: life.object).text),
                    "relativeAddress": .text("../" + PageAddress.certificate(fingerprint).relativePath),
                    "relativeEnds": context.time(life.object.validity.notAfter),
                ])
        }
        let facts = EndpointFacts(endpoint: endpoint, context: context)
        let rounds = endpoint.rounds
        content = PageContent(
            template: .endpoint, title: name,
            values: facts.values.merging(story.values).merging([
                "findings": .texts(
                    findings.map { finding in
                        let language = words.language
                        return "\(finding.code.rawValue): \(finding.facts.text(of: finding.code, in: language))"
                    }),
                "pair": .list(Self.pair(ReportedProbes(report: endpoint.report), words)),
                "roundsText": .text(words(CountPhrase.rounds(rounds.count, bad: rounds.count { !$0.isGood }))),
                "hoursText": .text(words(CountPhrase.hours(hours.count, bad: hours.count { $0.good != $0.rounds }))),
                "hours": .markup(Strip(hours: hours, words: words).svg), "chain": .list(chain),
                "commands": .texts(["notafter probe \(Self.quoted(name))", "notafter explain \(Self.quoted(name))"]),
            ]))
    }

    private static func pair(_ probes: ReportedProbes, _ words: Words) -> [PageValues] {
        [("With the certificate", probes.positive), ("Without it", probes.negative)].map { name, probe in
            [
                "probeName": .text(words.word(name)), "outcome": .text(probe?.outcome ?? words.word("not probed")),
                "phases": probe.map { .markup(PhaseBar(timings: $0.phases, words: words).svg) } ?? .none,
                "facts": .list(
                    (probe?.facts ?? []).map {
                        ["factName": .text(words.word($0.name)), "factValue": .text(shown($0, words))]
                    }),
            ]
        }
    }

    /// The value of a fact. A text of a server, of libcurl or of OpenSSL stands in quotation marks in another language.
    private static func shown(_ fact: (name: String, value: String), _ words: Words) -> String {
        fact.name == "Message" && words.language != .english ? "「\(fact.value)」" : fact.value
    }

    /// The argument for a shell.
    private static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || [UInt8(ascii: "-"), UInt8(ascii: "_")].contains($0)
        }
        return isPlain ? name : "'" + name.replacing(scalar: "'", with: "'\\''") + "'"
    }
}
