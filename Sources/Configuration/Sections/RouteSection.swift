import Certificates
import ExpiryRules

/// `route`: the receivers of notices.
enum RouteSection {
    enum Key: String, CaseIterable {
        case receivers, rules, fallback
        case unreachableAfter = "unreachable_after"
    }

    private static let patience = TimeSpan(seconds: 300)...TimeSpan.days(7)

    static func read(
        _ cursor: Cursor, receivers: ReceiverNames, floors: [String: Severity], registrations: [Registration]
    ) -> Route? {
        guard let section = Section<Key>(cursor) else { return nil }
        let rules = section[.rules]?.distinctRules(receivers, registrations)
        let rest = section.required(.receivers)?.receivers(receivers)
        let fallback = section[.fallback].map { $0.receiver(receivers) ?? [] }
        let unreachableAfter = section[.unreachableAfter]?.span(within: patience)
        return rest.map { names in
            var route = Route(receivers: names, rules: rules ?? [], fallback: fallback ?? [], floors: floors)
            if let unreachableAfter { route.unreachableAfter = unreachableAfter }
            return route
        }
    }
}

/// An entry of `route.rules`.
enum RouteRuleSection {
    enum Key: String, CaseIterable {
        case match, receivers
    }

    fileprivate static func read(
        _ cursor: Cursor, _ receivers: ReceiverNames, _ registrations: [Registration]
    ) -> Route.Rule? {
        guard let section = Section<Key>(cursor) else { return nil }
        let matchers = section.required(.match).flatMap { MatchSection.read($0, registrations: registrations) }
        let names = section.required(.receivers)?.receivers(receivers)
        guard let matchers, let names else { return nil }
        return Route.Rule(matchers, receivers: names)
    }
}

extension Cursor {
    /// The rules. Reports a rule with the same matchers as an earlier one, since it would never apply.
    fileprivate func distinctRules(_ receivers: ReceiverNames, _ registrations: [Registration]) -> [Route.Rule]? {
        var first: [NoticeMatchers: Cursor] = [:]
        return filledList()?.compactMap { entry in
            guard let rule = RouteRuleSection.read(entry, receivers, registrations) else { return nil }
            if let earlier = first[rule.matchers] {
                entry.report(
                    "matches what \(earlier.path)\(entry.inOtherFile(earlier)) matches, and so is never reached")
            } else {
                first[rule.matchers] = entry
            }
            return rule
        }
    }

    /// The receivers that a name refers to.
    fileprivate func receiver(_ known: ReceiverNames) -> [String]? {
        reference(to: known.noun, among: known.all).map(known.members)
    }
}
