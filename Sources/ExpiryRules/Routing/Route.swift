import Certificates

/// The routes of notices to receivers. The first rule that matches a notice names its receivers.
package struct Route: Hashable, Sendable {
    /// One rule of the table.
    package struct Rule: Hashable, Sendable {
        package let matchers: NoticeMatchers
        /// At least one.
        package let receivers: [String]

        package init(_ matchers: NoticeMatchers, receivers: [String]) {
            self.matchers = matchers
            self.receivers = receivers
        }
    }

    /// In the configuration's order.
    package let rules: [Rule]
    /// The receivers of notices that no rule matches, without duplicates, in the configuration's order. Empty without
    /// receivers.
    package let receivers: [String]
    /// The receivers of findings about another receiver; empty if none is configured.
    package let fallback: [String]
    /// How long a receiver may accept nothing before the fallback is notified.
    package var unreachableAfter = ReachabilityRule.defaultPatience
    /// The lowest severity that each receiver gets, by name. A receiver without one gets every notice.
    package let floors: [String: Severity]

    package init(
        receivers: [String], rules: [Rule] = [], fallback: [String] = [], floors: [String: Severity] = [:]
    ) {
        self.rules = rules
        self.receivers = receivers
        self.fallback = fallback
        self.floors = floors
    }

    /// All receivers that the routes name, without duplicates.
    package var everybody: [String] {
        (rules.flatMap(\.receivers) + receivers + fallback).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// The addressees of a notice. A notice for several registrations has traits for each, and goes to the receivers of
    /// all of them.
    ///
    /// - Returns: each receiver once, with the first rule that names it.
    package func addressees(of traits: [NoticeTraits]) -> [Addressee] {
        var addressees: [Addressee] = []
        for traits in traits {
            for addressee in self.addressees(of: traits)
            where floors[addressee.receiver].map({ $0 <= traits.severity }) ?? true
                && !addressees.contains(where: { $0.receiver == addressee.receiver })
            {
                addressees.append(addressee)
            }
        }
        return addressees
    }

    private func addressees(of traits: NoticeTraits) -> [Addressee] {
        guard let index = rules.firstIndex(where: { $0.matchers.matches(traits) }) else {
            return receivers.map { Addressee(receiver: $0, namedBy: "route.receivers") }
        }
        let name = "route.rules[\(index)] (\(rules[index].matchers))"
        return rules[index].receivers.map { Addressee(receiver: $0, namedBy: name) }
    }
}

/// A receiver of a notice, with the rule that names it.
package struct Addressee: Hashable, Sendable {
    package let receiver: String
    /// The rule that names it, for people, such as `route.rules[0] (label.team=edge)`.
    package let namedBy: String

    package init(receiver: String, namedBy: String) {
        self.receiver = receiver
        self.namedBy = namedBy
    }
}
