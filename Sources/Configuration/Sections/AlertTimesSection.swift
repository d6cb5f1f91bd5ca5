import Certificates
import ExpiryRules

/// The keys for thresholds and reminders, which `defaults`, its rules and the entries share.
struct AlertTimesSection {
    private enum Key: String {
        case thresholds
        case revocationListThresholds = "revocation_list_thresholds"
        case repeatEvery = "repeat_every"
    }

    /// The objects that `thresholds` apply to.
    enum Subject {
        case certificates
        case revocationLists
    }

    private static let intervals = TimeSpan.hours(1)...TimeSpan.days(365)

    /// Reads the keys that `section` has.
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

/// A threshold with a severity.
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

/// An entry of `defaults.threshold_rules`: thresholds and reminders for the registrations that it matches.
enum ThresholdRuleSection {
    enum Key: String, CaseIterable {
        case match, thresholds
        case revocationListThresholds = "revocation_list_thresholds"
        case repeatEvery = "repeat_every"
    }

    /// `registrations` are all registrations of the configuration. A pattern that matches none of them is a mistake.
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

/// The fields by which a registration can be matched. The other fields of `match` belong to notices.
enum RegistrationMatchKey: String, CaseIterable {
    case registration, role, owner, labels, endpoint
}

extension Cursor {
    /// A list of spans and shares without duplicates.
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

    /// A duration, or `never`.
    fileprivate func reminders(within limits: ClosedRange<TimeSpan>) -> AlertTimes.Reminders? {
        if kind == .text, scalarText() == "never" { return .never }
        return span(within: limits).map(AlertTimes.Reminders.every)
    }
}
