import Certificates

/// Who hears of what: the first rule that matches a notice names its receivers.
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
    /// Who hears of what no rule matches; without repeats, in the configuration's order. Empty where there are no receivers.
    package let receivers: [String]
    /// Who hears when another receiver refuses what it is sent; empty where nobody was chosen for that.
    package let fallback: [String]
    /// For how long a receiver may take nothing before the fallback is told.
    package var unreachableAfter = ReachabilityRule.defaultPatience
    /// The least severity that each receiver gets, by name; a receiver without one gets every notice.
    package let floors: [String: Severity]

    package init(
        receivers: [String], rules: [Rule] = [], fallback: [String] = [], floors: [String: Severity] = [:]
    ) {
        self.rules = rules
        self.receivers = receivers
        self.fallback = fallback
        self.floors = floors
    }

    /// Every receiver that can hear of anything, each once.
    package var everybody: [String] {
        (rules.flatMap(\.receivers) + receivers + fallback).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// Whom it names for a notice. One that is told on behalf of several registrations has traits for each of them, and
    /// reaches all that any of them names.
    ///
    /// - Returns: each receiver once, with the first reason.
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

/// A receiver that is to be told, and why it.
package struct Addressee: Hashable, Sendable {
    package let receiver: String
    /// For people: what named it, such as `route.rules[0] (label.team=edge)`.
    package let namedBy: String

    package init(receiver: String, namedBy: String) {
        self.receiver = receiver
        self.namedBy = namedBy
    }
}
