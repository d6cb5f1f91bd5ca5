import Delivery

/// All mappings of the configuration with their keys. Tests compare the documentation and the schema with it.
package enum ConfigurationKeys {
    /// By path, such as `certificates[]`; the top level has the empty path. The keys of `labels`, `headers`,
    /// `http_headers`, `json`, `body` and `receiver_groups` are the user's own.
    package static let byPath: [String: [String]] = sections.merging(receivers) { first, _ in first }
        .merging(nested(Heartbeat.keys, below: "heartbeat")) { first, _ in first }
        .merging(thresholds) { first, _ in first }

    /// The mappings of thresholds with a severity, for every list of thresholds.
    private static let thresholds = Dictionary(
        uniqueKeysWithValues: [
            "defaults.thresholds[]", "defaults.revocation_list_thresholds[]", "defaults.threshold_rules[].thresholds[]",
            "defaults.threshold_rules[].revocation_list_thresholds[]", "certificates[].thresholds[]",
            "certificates[].revocation_list_thresholds[]", "revocation_lists[].thresholds[]",
            "endpoints[].thresholds[]", "observed.thresholds[]",
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
        "endpoints[].proxy_basic_auth": names(of: BasicAuthSection.Key.self),
        "endpoints[].request": names(of: RequestSection.Key.self),
        "endpoints[].expect": names(of: ExpectSection.Key.self),
        "endpoints[].refusal": names(of: RefusalSection.Key.self),
        "endpoints[].wrong_client_certificates[]": names(of: WrongCertificateSection.Key.self),
        "receivers[]": ReceiversSection.keys,
        "receivers[].template": names(of: TemplateSection.Key.self),
        "receivers[].quiet": names(of: QuietSection.Key.self),
        "observed": names(of: ObservedSection.Key.self),
        "route": names(of: RouteSection.Key.self),
        "route.rules[]": names(of: RouteRuleSection.Key.self),
        "route.rules[].match": names(of: MatchSection.Key.self),
        "summary": names(of: SummarySection.Key.self),
        "listen": names(of: ListenSection.Key.self),
        "listen.tls": names(of: ListenSection.TLSKey.self),
        "metrics": names(of: MetricsSection.Key.self),
    ]

    /// The keys that the kinds of receivers declare.
    private static let receivers: [String: [String]] = ReceiverKind.allCases.reduce(into: [:]) { keys, kind in
        keys.merge(nested(kind.keys, below: "receivers[].\(kind.rawValue)")) { first, _ in first }
    }

    /// The keys of a mapping from its declaration, and those of the mappings in it.
    private static func nested(_ declared: [SettingKey], below path: String) -> [String: [String]] {
        var keys = [path: declared.map(\.name)]
        for key in declared {
            switch key.type {
            case .tls: keys["\(path).\(key.name)"] = names(of: TLSSection.Key.self)
            case .basicAuth: keys["\(path).\(key.name)"] = names(of: BasicAuthSection.Key.self)
            case .text, .choice, .number, .span, .command, .flag, .headers, .secretHeaders, .hostname, .json,
                .webAddress,
                .webAddresses, .secretWebAddress, .secretWebAddressFile, .secretFile, .signingSecretFile, .proxy,
                .addressRanges, .server, .mailAddress, .mailAddresses:
                break
            }
        }
        return keys
    }

    private static func names<Key: CaseIterable & RawRepresentable<String>>(of type: Key.Type) -> [String] {
        Key.allCases.map(\.rawValue)
    }
}
