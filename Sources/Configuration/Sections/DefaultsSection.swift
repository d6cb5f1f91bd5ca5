import ExpiryRules

/// What holds for every registration.
struct DefaultsSection {
    enum Key: String, CaseIterable {
        case thresholds
        case revocationListThresholds = "revocation_list_thresholds"
        case repeatEvery = "repeat_every"
        case thresholdRules = "threshold_rules"
    }

    private let times: AlertTimes
    private let rules: Cursor?

    init(_ cursor: Cursor?) {
        let section = cursor.flatMap { Section<Key>($0) }
        times = section.map { AlertTimesSection.read($0) } ?? AlertTimes()
        rules = section?[.thresholdRules]
    }

    /// The times of all registrations, by what they say themselves: `own`, by their names.
    ///
    /// Read once the registrations are known, since rules match them.
    func applied(to registrations: [Registration], own: [String: AlertTimes]) -> [Registration] {
        let entries = rules?.filledList() ?? []
        let rules = AlertTimeRules(
            rules: entries.compactMap { ThresholdRuleSection.read($0, registrations: registrations) }, defaults: times)
        return registrations.map { rules.applied(to: $0, own: own[$0.name] ?? AlertTimes()) }
    }
}
