import Certificates
import ExpiryRules
import LedgerStorage

/// A certificate or list with its state, as lists show it.
struct EntryFacts {
    let entry: PageEntry
    let context: PageContext

    private var registrations: [Registration] {
        entry.watchers.compactMap(context.settings.plan.registration(named:))
    }

    private var isReplaced: Bool { entry.standing.watchers.isEmpty && !entry.watchers.isEmpty }

    /// When its path to a trusted CA ends.
    var end: Instant? {
        guard case .at(let instant) = entry.standing.endByAuthorities(of: entry.object.validity) else { return nil }
        return instant
    }

    /// In place of a date: it never ends, or that is not known.
    static func endWord(_ validity: Validity, _ words: Words) -> String {
        switch validity.expiry {
        case .never: words.word("never ends")
        case .unreadable: words.word("date unreadable")
        case .at: ""
        }
    }

    /// Why it ends then; nil for its own notAfter.
    var because: String? {
        if isReplaced { return context.words(CertificatePhrase.replaced) }
        if let authority = entry.standing.authority {
            return context.words(CertificatePhrase.endsWith(name: authority.culprit.name))
        }
        return entry.standing.revocationList.map {
            context.words(CertificatePhrase.needsList(name: $0.culprit.name, until: $0.expiry.date))
        }
    }

    var role: String {
        if entry.object.kind == .revocationList { return context.words.word("revocation list") }
        let roles = Set(registrations.map(\.role.rawValue)).sorted().map(context.word)
        return roles.isEmpty ? context.words.word("certificate") : roles.joined(separator: ", ")
    }

    var owners: String { Set(registrations.compactMap(\.owner)).sorted().joined(separator: ", ") }

    var values: PageValues {
        let name = entry.object.name
        let short = ShortName(of: entry.object).text
        let state = entry.item(context.settings.plan, at: context.now).state
        return [
            "mark": context.mark(StateMark(state)), "name": .text(short), "wholeName": .text(name == short ? "" : name),
            "address": .text(PageAddress.certificate(entry.object.fingerprint).relativePath),
            "ends": context.time(end), "endWord": .text(Self.endWord(entry.object.validity, context.words)),
            "because": .text(optional: because), "role": .text(role),
            "registration": .text(entry.watchers.joined(separator: ", ")), "owner": .text(owners),
            "places": .number(entry.places),
            "problems": .texts(entry.flaws.map(\.code.rawValue)),
        ]
    }
}

/// The part of a name that people look for first: the common name, or else the first alternative name.
struct ShortName {
    private static let longest = 120

    let text: String

    init(of object: WatchedObject) {
        self.init(subject: object.name, alternativeNames: object.certificate?.subjectAlternativeNames ?? [])
    }

    init(subject: String, alternativeNames: [String] = []) {
        // RFC 4514: attributes are separated by commas, and a comma in a value has a backslash.
        var value: Substring?
        var attribute = subject.startIndex
        var isEscaped = false
        for index in subject.indices {
            if !isEscaped, subject[index] == "," || subject[index] == "+" {
                value = value ?? Self.commonName(in: subject[attribute..<index])
                attribute = subject.index(after: index)
            }
            isEscaped = !isEscaped && subject[index] == "\\"
        }
        value = value ?? Self.commonName(in: subject[attribute...])
        let name = value.map(String.init) ?? (subject.isEmpty ? alternativeNames.first : nil) ?? subject
        text = name.count > Self.longest ? name.prefix(Self.longest - 1) + "…" : name
    }

    private static func commonName(in attribute: Substring) -> Substring? {
        guard attribute.hasPrefix("CN="), attribute.count > 3 else { return nil }
        return attribute.dropFirst(3)
    }
}
