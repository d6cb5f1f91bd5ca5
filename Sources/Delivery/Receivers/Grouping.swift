import LedgerStorage

/// How a kind of receiver combines several notices in one message.
package enum Grouping: Hashable, Sendable {
    /// Each notice is a message of its own.
    case never
    /// Up to `batch` notices share a message.
    case asConfigured
    /// Many notices at once become one message for people, a digest.
    case digest
    /// Many notices at once become one incident. Resolutions are sent one by one, so that each incident ends.
    case incident
    /// The service takes lists.
    case lists(of: Int)

    private static let batchKey = "batch"
    private static let aboveKey = "digest_above"
    private static let defaultAbove = 20
    /// The most notices in a digest.
    private static let digestLimit = 1_000

    package var keys: [SettingKey] {
        switch self {
        case .never, .lists: []
        case .asConfigured: [.optional(Self.batchKey, .number(2...100))]
        case .digest, .incident: [.optional(Self.aboveKey, .number(1...Self.digestLimit - 1))]
        }
    }

    func batching(_ settings: ReceiverSettings) -> Batching? {
        switch self {
        case .never: nil
        case .lists(let count): Batching(moreThan: 1, atMost: count, splitsWhenRefused: true)
        case .asConfigured:
            settings.number(Self.batchKey).map { Batching(moreThan: 1, atMost: $0, splitsWhenRefused: true) }
        case .digest, .incident:
            Batching(
                moreThan: settings.number(Self.aboveKey) ?? Self.defaultAbove, atMost: Self.digestLimit,
                sparesResolutions: self == .incident)
        }
    }
}

/// How to handle a message that may or may not have arrived. Raw values are those of `on_unknown`.
package enum UnknownPolicy: String, Hashable, Sendable, CaseIterable {
    /// Retry under the same id: a duplicate is better than a lost message.
    case retry
    /// Hold the message for manual retry.
    case hold

    package static let key = SettingKey.optional("on_unknown", .choice(allCases.map(\.rawValue)))

    init(_ settings: ReceiverSettings) {
        self = settings.text(Self.key.name).flatMap(Self.init(rawValue:)) ?? .retry
    }
}
