import ExpiryRules

/// `route`: who hears of what.
enum RouteSection {
    enum Key: String, CaseIterable {
        case receivers
    }

    static func read(_ cursor: Cursor, receivers: [String]) -> Route? {
        guard let section = Section<Key>(cursor) else { return nil }
        let names = section.required(.receivers)?.distinctList { $0.reference(to: "receiver", among: receivers) }
        return names.map(Route.init)
    }
}
