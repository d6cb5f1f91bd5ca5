import LedgerStorage

/// Whether a kind of receiver is told several things in one message.
package enum Grouping: Hashable, Sendable {
    /// Each notice is a message of its own.
    case never
    /// As many in one message as `batch` says.
    case asConfigured
    /// People are told of many at once in one message, a digest.
    case digest
    /// Many at once are one incident; what is over is told one by one, so that each incident ends.
    case incident
    /// The service takes lists.
    case lists(of: Int)

    private static let batchKey = "batch"
    private static let aboveKey = "digest_above"
    private static let defaultAbove = 20
    /// So many notices make the largest digest.
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

/// What becomes of a message of which nobody knows whether it arrived. Raw values are those of `on_unknown`.
package enum UnknownPolicy: String, Hashable, Sendable, CaseIterable {
    /// It is sent again under the same id: twice is better than never.
    case retry
    /// It waits until a person says what to do.
    case hold

    package static let key = SettingKey.optional("on_unknown", .choice(allCases.map(\.rawValue)))

    init(_ settings: ReceiverSettings) {
        self = settings.text(Self.key.name).flatMap(Self.init(rawValue:)) ?? .retry
    }
}
