import Certificates
import Delivery
import ExpiryRules
import Messages
import TransportSecurity

/// The entries of `receivers`. Each has a name and, under the key of its kind, the settings of that kind.
struct ReceiversSection {
    /// The keys of an entry, in the order of the documentation.
    static let keys =
        ["name"] + ReceiverKind.allCases.map(\.rawValue) + ["language", "template", "min_severity", "quiet"]

    private(set) var receivers: [ConfiguredReceiver] = []
    /// The lowest severity that each receiver gets, by name.
    private(set) var floors: [String: Severity] = [:]
    /// Also includes invalid receivers, so that a reference to one is not reported as well.
    let names: [String]

    /// `language` is the default for entries without one.
    init(reading entries: [Cursor], language: Language) {
        var register = NameRegister()
        for entry in entries {
            guard let section = KeySection(entry, known: Self.keys) else { continue }
            let name = register.take(section.required("name"))
            let language = section["language"].map { $0.choice(of: Language.allCases) } ?? language
            let template = section["template"].map(TemplateSection.read) ?? .builtIn
            let floor = section["min_severity"].map { $0.choice(of: Severity.allCases) }
            let quiet = section["quiet"].map(QuietSection.read)
            guard let (kind, cursor) = Self.kind(section) else { continue }
            let settings = ReceiverSection.read(cursor, as: kind)
            guard let name, let settings, let language, let template else { continue }
            floors[name] = floor ?? nil
            receivers += [
                ConfiguredReceiver(
                    name: name, kind: kind, settings: settings, language: language, template: template,
                    quiet: quiet ?? nil)
            ].compactMap(\.self)
        }
        names = register.names
    }

    /// The only kind of an entry. Reports an entry without a kind or with several.
    private static func kind(_ section: KeySection) -> (ReceiverKind, Cursor)? {
        let found = ReceiverKind.allCases.compactMap { kind in section[kind.rawValue].map { (kind, $0) } }
        guard let first = found.first else {
            let kinds = ReceiverKind.allCases.map(\.rawValue).joined(separator: ", ")
            section.report("has no kind: name one of \(kinds)")
            return nil
        }
        for (kind, cursor) in found.dropFirst() {
            cursor.report("\(kind.rawValue) and \(first.0.rawValue) exclude each other: make it a receiver of its own")
        }
        return found.count == 1 ? first : nil
    }
}

/// The settings of one receiver, by the keys that its kind declares.
enum ReceiverSection {
    static func read(_ cursor: Cursor, as kind: ReceiverKind) -> ReceiverSettings? {
        read(cursor, keys: kind.keys, problems: kind.type.problems)
    }

    /// Reads a mapping with `keys`, and reports the `problems` of their combination.
    static func read(
        _ cursor: Cursor, keys: [SettingKey], problems: (ReceiverSettings) -> [SettingProblem]
    ) -> ReceiverSettings? {
        guard let section = KeySection(cursor, known: keys.map(\.name), refusals: refusals(keys)) else { return nil }
        var values: [String: SettingValue] = [:]
        var isComplete = true
        // Read first, since it decides which URLs are allowed.
        let allowance = keys.first { $0.name == Connection.allowHTTPKey }
            .flatMap { section[$0.name]?.setting($0.type) }
        let policy: PlaintextPolicy = allowance == .flag(true) ? .anywhere : .loopbackOnly
        for key in keys {
            guard let value = key.isRequired ? section.required(key.name) : section[key.name] else {
                if key.isRequired { isComplete = false }
                continue
            }
            values[key.name] = key.name == Connection.allowHTTPKey ? allowance : value.setting(key.type, policy)
            if values[key.name] == nil { isComplete = false }
        }
        let settings = ReceiverSettings(values)
        // An invalid value was reported already and must not count as a missing key.
        guard isComplete else { return nil }
        let problems = problems(settings)
        for problem in problems {
            if let key = problem.key, let value = section[key] {
                value.report(problem.message)
            } else if let key = problem.key {
                section.report(problem.message, for: key)
            } else {
                cursor.report(problem.message)
            }
        }
        return problems.isEmpty ? settings : nil
    }

    /// Messages for keys under which users write a secret instead of its file.
    private static func refusals(_ keys: [SettingKey]) -> [String: String] {
        let names = keys.map(\.name)
        let files = names.filter { $0.hasSuffix("_file") && !names.contains(String($0.dropLast(5))) }
        let refusals = files.map { file in
            (
                String(file.dropLast(5)),
                "is not taken, since people share their configuration: put it into a file and name that in \(file)"
            )
        }
        return Dictionary(refusals) { first, _ in first }
    }
}
