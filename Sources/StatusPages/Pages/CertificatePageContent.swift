import Certificates
import ExpiryRules
import LedgerStorage

/// One certificate or list: its facts and places, what it needs and what needs it, and what was sent about it.
struct CertificatePageContent {
    let content: PageContent

    init(_ context: PageContext, _ fingerprint: Fingerprint) async throws {
        guard let life = try await context.ledger.life(of: fingerprint) else {
            content = .missing(context.words)
            return
        }
        let relations = try await context.ledger.relations(of: fingerprint)
        let deliveries = try await context.ledger.deliveries(about: life.subject)
        let story = Story(decisions: life.decisions, deliveries: deliveries, context: context)
        let facts = CertificateFacts(life: life, context: context)
        let relatives = Relatives(relations: relations, context: context)
        content = PageContent(
            template: .certificate, title: ShortName(of: life.object).text,
            values: facts.values.merging(relatives.values).merging(story.values))
    }
}

/// The facts of one certificate or list.
private struct CertificateFacts {
    let life: LifeRecord
    let context: PageContext

    private var words: Words { context.words }
    private var validity: Validity { life.object.validity }
    private var ladder: StageLadder {
        context.settings.plan.ladder(for: life.object.kind, validity, watchedBy: life.standing.watchers)
    }

    private var state: CertificateState {
        context.settings.plan.state(
            of: life.object, life.standing, findings: life.flaws.map(\.code), at: context.now)
    }

    private var earlyEnd: EarlyEnd? { life.standing.earlyEnd(of: validity) }

    private var end: Instant? {
        if let earlyEnd { return earlyEnd.expiry }
        guard case .at(let instant) = validity.expiry else { return nil }
        return instant
    }

    var values: PageValues {
        let line = LifeLine(
            validity, earlyEnd: earlyEnd?.expiry, stages: ladder.stages, at: context.now, words: words)
        let mark =
            life.watchers.isEmpty
            ? StateMark(level: .unknown, word: life.endedBecause?.rawValue ?? "gone") : StateMark(state)
        return [
            "mark": context.mark(mark), "name": .text(ShortName(of: life.object).text), "role": .text(role),
            "ends": context.time(end), "endWord": .text(EntryFacts.endWord(validity, words)),
            "because": .text(optional: because), "life": line.map { .markup($0.svg) } ?? .none,
            "flaws": .list(life.flaws.map(flaw)), "facts": .list(facts), "places": .list(life.sightings.map(place)),
            "prospect": .text(prospect),
        ]
    }

    private var role: String {
        let roles = Set(life.watchers.compactMap { context.settings.plan.registration(named: $0)?.role.rawValue })
        guard life.object.kind == .certificate else { return words.word("revocation list") }
        return roles.isEmpty ? words.word("certificate") : roles.sorted().map(context.word).joined(separator: ", ")
    }

    private var because: String? {
        earlyEnd.map { early in
            switch early.culprit.kind {
            case .certificate: words(CertificatePhrase.endsWith(name: early.culprit.name))
            case .revocationList:
                words(CertificatePhrase.needsList(name: early.culprit.name, until: early.expiry.date))
            }
        }
    }

    private func flaw(_ flaw: Judgement.Flaw) -> PageValues {
        [
            "flawMark": context.mark(StateMark(flaw.code.severity)), "flawCode": .text(flaw.code.rawValue),
            "flawMessage": .text(flaw.facts.clause(in: words.language)),
            "remedy": .text(flaw.code.remedy(in: words.language)),
        ]
    }

    private var facts: [PageValues] {
        let registrations = life.watchers.sorted().compactMap(context.settings.plan.registration(named:))
        let shared: [(String, [String])] = [
            ("Fingerprint (SHA-256)", [Self.grouped("\(life.object.fingerprint)")]),
            ("Registration", life.watchers.sorted()),
            ("Owner", Set(registrations.compactMap(\.owner)).sorted()),
            ("Labels", registrations.flatMap { $0.labels.map { "\($0)=\($1)" } }.sorted()),
            ("Hostnames", registrations.flatMap(\.hostnames)), ("First seen", ["\(life.firstSeen)"]),
            ("Ended", [life.endedAt.map { "\($0)" }].compactMap(\.self)),
        ]
        return (ownFacts + shared).filter { !$0.1.isEmpty && $0.1 != [""] }.map { name, values in
            ["factName": .text(words.word(name)), "factValues": .texts(values)]
        }
    }

    private var ownFacts: [(String, [String])] {
        switch life.object {
        case .certificate(let certificate):
            [
                ("Subject", [certificate.subject]), ("Alternative names", certificate.subjectAlternativeNames),
                ("Issuer", [certificate.issuer]), ("Serial number", ["\(certificate.serialNumber)"]),
                ("Not before", [validity.notBefore.map { "\($0)" } ?? words.word("date unreadable")]),
                ("Not after", [validity.notAfter.map { "\($0)" } ?? words.word("date unreadable")]),
                ("Public key", [certificate.publicKey]), ("Signature", [certificate.signatureAlgorithm]),
            ]
        case .revocationList(let list):
            [
                ("Issuer", [list.issuer]), ("Number", [list.number.map { "\($0)" }].compactMap(\.self)),
                ("This update", [validity.notBefore.map { "\($0)" } ?? words.word("date unreadable")]),
                ("Next update", [validity.notAfter.map { "\($0)" } ?? words.word("none")]),
                ("Revoked certificates", ["\(list.revokedCount)"]), ("Signature", [list.signatureAlgorithm]),
            ]
        }
    }

    /// In groups of four, which people can compare.
    private static func grouped(_ digits: String) -> String {
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, index % 4 == 0 { grouped += " " }
            grouped.append(digit)
        }
        return grouped
    }

    private func place(_ sighting: SightingRecord) -> PageValues {
        let state =
            sighting.endedAt.map { CertificatePhrase.ended(on: $0.date, because: words.word("gone")) }
            ?? sighting.absentSince.map { CertificatePhrase.missing(since: $0.date) }
            ?? sighting.lastUsed.map { CertificatePhrase.lastUsed(on: $0.date) }
        return [
            "place": .text("\(sighting.location)"), "registration": .text(sighting.registration),
            "seen": context.time(sighting.firstSeen), "placeState": .text(optional: state.map { words($0) }),
        ]
    }

    /// The next stage and its date.
    private var prospect: String {
        guard !life.watchers.isEmpty else { return words(CertificatePhrase.notWatched) }
        let decision = ladder.decide(expiry: life.expiry, notified: life.notified, at: context.now)
        guard let next = decision.next, let stage = ladder.stage(expiry: life.expiry, at: next) else {
            return words(CertificatePhrase.noMoreStages)
        }
        return words(CertificatePhrase.stageBegins(stage: "\(stage)", on: "\(next)"))
    }
}

/// What one certificate or list needs, what needs it, and the certificates with the same names.
private struct Relatives {
    let relations: CertificateRelations
    let context: PageContext

    var values: PageValues {
        let more = relations.dependentCount - relations.dependents.count
        return [
            "chain": .list(relations.needed.map(values)), "dependents": .list(relations.dependents.map(values)),
            "hasDependents": .flag(!relations.dependents.isEmpty || !relations.endpoints.isEmpty),
            "moreDependents": .text(more > 0 ? context.words(CountPhrase.more(more)) : ""),
            "opens": .list(
                relations.endpoints.map {
                    [
                        "endpointName": .text($0),
                        "endpointAddress": .text("../" + PageAddress.endpoint($0).relativePath),
                    ]
                }),
            "namesakes": .list(relations.namesakes.map(values)),
        ]
    }

    private func values(of relative: CertificateRelations.Relative) -> PageValues {
        let kind =
            switch relative.kind {
            case .revocationList: "revocation list"
            case .certificate: relative.isCA ? "CA" : "certificate"
            }
        let words = [context.words.word(kind), relative.isWatched ? nil : context.words.word("gone")]
        return [
            "relative": .text(ShortName(subject: relative.name).text),
            "relativeAddress": .text("../" + PageAddress.certificate(relative.fingerprint).relativePath),
            "relativeKind": .text(words.compactMap(\.self).joined(separator: ", ")),
            "relativeEnds": context.time(relative.notAfter),
        ]
    }
}
