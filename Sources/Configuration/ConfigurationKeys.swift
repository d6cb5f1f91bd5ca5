import Delivery

/// Every mapping that a configuration may hold, with its keys: what the documentation and the schema are compared with.
package enum ConfigurationKeys {
    /// By path, such as `certificates[]`; the top level has the empty path. `labels`, `headers` and `json` have keys of the
    /// user's own.
    package static let byPath: [String: [String]] = sections.merging(receivers) { first, _ in first }
        .merging(thresholds) { first, _ in first }

    /// Thresholds that say how bad they are, wherever thresholds stand.
    private static let thresholds = Dictionary(
        uniqueKeysWithValues: [
            "defaults.thresholds[]", "defaults.revocation_list_thresholds[]", "defaults.threshold_rules[].thresholds[]",
            "defaults.threshold_rules[].revocation_list_thresholds[]", "certificates[].thresholds[]",
            "certificates[].revocation_list_thresholds[]", "revocation_lists[].thresholds[]",
            "endpoints[].thresholds[]",
        ].map { ($0, names(of: ThresholdSection.Key.self)) })

    private static let sections: [String: [String]] = [
        "": names(of: SettingsSection.Key.self),
        "defaults": names(of: DefaultsSection.Key.self),
        "defaults.threshold_rules[]": names(of: ThresholdRuleSection.Key.self),
        "defaults.threshold_rules[].match": names(of: RegistrationMatchKey.self),
        "certificates[]": names(of: CertificatesSection.Key.self),
        "certificates[].tls_config": names(of: TLSSection.Key.self),
        "revocation_lists[]": names(of: RevocationListsSection.Key.self),
        "revocation_lists[].tls_config": names(of: TLSSection.Key.self),
        "endpoints[]": names(of: EndpointsSection.Key.self),
        "endpoints[].tls_config": names(of: TLSSection.Key.self),
        "endpoints[].request": names(of: RequestSection.Key.self),
        "endpoints[].expect": names(of: ExpectSection.Key.self),
        "endpoints[].refusal": names(of: RefusalSection.Key.self),
        "endpoints[].wrong_client_certificates[]": names(of: WrongCertificateSection.Key.self),
        "receivers[]": ReceiversSection.keys,
        "receivers[].template": names(of: TemplateSection.Key.self),
        "route": names(of: RouteSection.Key.self),
        "summary": names(of: SummarySection.Key.self),
        "heartbeat": Heartbeat.keys.map(\.name),
        "heartbeat.tls_config": names(of: TLSSection.Key.self),
    ]

    /// What the kinds of receivers declare.
    private static let receivers: [String: [String]] = {
        var keys: [String: [String]] = [:]
        for kind in ReceiverKind.allCases {
            let path = "receivers[].\(kind.rawValue)"
            keys[path] = kind.keys.map(\.name)
            if kind.keys.contains(where: { $0.type == .tls }) {
                keys[path + ".tls_config"] = names(of: TLSSection.Key.self)
            }
        }
        return keys
    }()

    private static func names<Key: CaseIterable & RawRepresentable<String>>(of type: Key.Type) -> [String] {
        Key.allCases.map(\.rawValue)
    }
}
