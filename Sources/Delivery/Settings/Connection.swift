import TransportSecurity

/// How receivers over HTTP are reached.
package struct Connection: Hashable, Sendable {
    package let tls: TLSFiles
    /// nil connects directly.
    package let proxy: String?
    /// What the proxy asks for.
    package let proxyLogin: BasicLogin?
    package let plaintext: PlaintextPolicy
    package let egress: EgressPolicy

    /// Lets `http://` leave this machine.
    package static let allowHTTPKey = "allow_http"
    private static let proxyLoginKey = "proxy_basic_auth"

    /// The keys that every receiver over HTTP takes besides its own.
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

    /// With a proxy, the proxy resolves the name: we would judge the proxy's address alone, and say that we judged more.
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

/// What is wrong with a combination of keys.
package struct SettingProblem: Hashable, Sendable {
    /// The key to report it at; nil for the receiver as a whole.
    package let key: String?
    package let message: String

    package init(key: String?, message: String) {
        self.key = key
        self.message = message
    }
}
