import TransportSecurity

/// How to connect to a receiver over HTTP.
package struct Connection: Hashable, Sendable {
    package let tls: TLSFiles
    /// nil connects directly.
    package let proxy: String?
    /// The credentials for the proxy.
    package let proxyLogin: BasicLogin?
    package let plaintext: PlaintextPolicy
    package let egress: EgressPolicy

    /// Allows `http://` to other machines.
    package static let allowHTTPKey = "allow_http"
    private static let proxyLoginKey = "proxy_basic_auth"

    /// The keys that all receivers over HTTP share.
    package static let keys: [SettingKey] = [
        .optional("tls_config", .tls), .optional("proxy", .proxy),
        .optional(proxyLoginKey, .basicAuth), .optional(allowHTTPKey, .flag),
        .optional("egress", .choice(EgressPolicy.Rule.allCases.map(\.rawValue))),
        .optional("egress_allow", .addressRanges),
    ]

    package init(_ settings: ReceiverSettings) {
        tls = settings.tls("tls_config") ?? TLSFiles()
        proxy = settings.text("proxy")
        proxyLogin = settings.login(Self.proxyLoginKey)
        plaintext = settings.plaintextPolicy
        egress = EgressPolicy(
            rule: settings.text("egress").flatMap(EgressPolicy.Rule.init) ?? .anyButMetadata,
            allowed: settings.ranges("egress_allow") ?? [])
    }

    /// Rejects `egress` together with a proxy. The proxy resolves the name, so the policy would check only the proxy's
    /// own address.
    static func problems(_ settings: ReceiverSettings) -> [SettingProblem] {
        guard settings.has("proxy") else {
            return settings.has(proxyLoginKey)
                ? [SettingProblem(key: proxyLoginKey, message: "belongs to a proxy, and there is none")] : []
        }
        return ["egress", "egress_allow"].filter(settings.has).map {
            SettingProblem(
                key: $0, message: "has no effect through a proxy, which resolves the names: let the proxy refuse")
        }
    }
}

/// An error in a combination of keys.
package struct SettingProblem: Hashable, Sendable {
    /// The key at which to report the error; nil for the receiver as a whole.
    package let key: String?
    package let message: String

    package init(key: String?, message: String) {
        self.key = key
        self.message = message
    }
}
