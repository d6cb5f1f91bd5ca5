import ExpiryRules
import OpenSSLBinding

/// `defaults`: the settings that apply to every registration.
struct DefaultsSection {
    enum Key: String, CaseIterable {
        case thresholds
        case revocationListThresholds = "revocation_list_thresholds"
        case repeatEvery = "repeat_every"
        case thresholdRules = "threshold_rules"
        case securityLevel = "security_level"
    }

    private let times: AlertTimes
    private let rules: Cursor?
    /// The OpenSSL security level of the servers that verify the registered certificates.
    let securityLevel: SecurityLevel

    init(_ cursor: Cursor?) {
        let section = cursor.flatMap { Section<Key>($0) }
        times = section.map { AlertTimesSection.read($0) } ?? AlertTimes()
        rules = section?[.thresholdRules]
        securityLevel =
            section?[.securityLevel]?.integer(within: SecurityLevel.range).flatMap(SecurityLevel.init) ?? .ofMachine
    }

    /// Applies thresholds and reminders to all registrations: first those of `own`, by name, then rules, then defaults.
    ///
    /// Called once the registrations are known, since rules match them.
    func applied(to registrations: [Registration], own: [String: AlertTimes]) -> [Registration] {
        let entries = rules?.filledList() ?? []
        let rules = AlertTimeRules(
            rules: entries.compactMap { ThresholdRuleSection.read($0, registrations: registrations) }, defaults: times)
        return registrations.map { rules.applied(to: $0, own: own[$0.name] ?? AlertTimes()) }
    }
}
