import Certificates
import ExpiryRules

/// The keys that say when to tell, which `defaults`, its rules and the entries have.
struct AlertTimesSection {
    private enum Key: String {
        case thresholds
        case revocationListThresholds = "revocation_list_thresholds"
        case repeatEvery = "repeat_every"
    }

    /// What `thresholds` are for.
    enum Subject {
        case certificates
        case revocationLists
    }

    private static let intervals = TimeSpan.hours(1)...TimeSpan.days(365)

    /// Reads those of the keys that `section` has.
    static func read<SectionKey>(_ section: Section<SectionKey>, for subject: Subject = .certificates) -> AlertTimes {
        func value(_ key: Key) -> Cursor? { SectionKey(rawValue: key.rawValue).flatMap { section[$0] } }
        let thresholds = value(.thresholds)?.thresholds()
        var times = AlertTimes(
            listThresholds: value(.revocationListThresholds)?.thresholds(),
            reminders: value(.repeatEvery)?.reminders(within: intervals))
        switch subject {
        case .certificates: times.thresholds = thresholds
        case .revocationLists: times.listThresholds = thresholds
        }
        return times
    }
}

/// A threshold that says how bad it is.
enum ThresholdSection {
    enum Key: String, CaseIterable {
        case before, severity
    }

    static func read(_ cursor: Cursor) -> Threshold? {
        guard let section = Section<Key>(cursor) else { return nil }
        let severity = section[.severity]?.choice(of: Severity.allCases)
        guard let threshold = section.required(.before)?.threshold() else { return nil }
        return Threshold(threshold.distance, severity: severity)
    }
}

/// An entry of `defaults.threshold_rules`: when to tell, for the registrations that it matches.
enum ThresholdRuleSection {
    enum Key: String, CaseIterable {
        case match, thresholds
        case revocationListThresholds = "revocation_list_thresholds"
        case repeatEvery = "repeat_every"
    }

    /// `registrations` are all that the configuration has: what matches none of them is a mistake.
    static func read(_ cursor: Cursor, registrations: [Registration]) -> AlertTimeRules.Rule? {
        guard let section = Section<Key>(cursor) else { return nil }
        let matchers = section.required(.match).flatMap {
            MatchSection.read($0, RegistrationMatchKey.self, registrations: registrations)
        }
        let times = AlertTimesSection.read(section)
        if section[.thresholds] == nil, section[.revocationListThresholds] == nil, section[.repeatEvery] == nil {
            section.report("says nothing: set thresholds, revocation_list_thresholds or repeat_every")
        }
        return matchers.map { AlertTimeRules.Rule(matchers: $0, times: times) }
    }
}

/// What a registration can be matched by, before there is a notice.
enum RegistrationMatchKey: String, CaseIterable {
    case registration, role, owner, labels, endpoint
}

extension Cursor {
    /// Spans and shares, each once.
    fileprivate func thresholds() -> [Threshold]? {
        guard let elements = filledList() else { return nil }
        var first: [Threshold.Distance: Cursor] = [:]
        return elements.compactMap { element in
            let threshold = element.kind == .mapping ? ThresholdSection.read(element) : element.threshold()
            guard let threshold else { return nil }
            if let earlier = first[threshold.distance] {
                element.report("repeats \(earlier.path)\(element.inOtherFile(earlier))")
                return nil
            }
            first[threshold.distance] = element
            return threshold
        }
    }

    /// A length of time, or `never`.
    fileprivate func reminders(within limits: ClosedRange<TimeSpan>) -> AlertTimes.Reminders? {
        if kind == .text, scalarText() == "never" { return .never }
        return span(within: limits).map(AlertTimes.Reminders.every)
    }
}
