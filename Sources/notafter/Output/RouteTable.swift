import Certificates
import Configuration
import ExpiryRules

/// The routes of a configuration, and the receivers of each registration's stages.
struct RouteTable: Encodable {
    /// One line of the table: its matchers and its receivers.
    struct Row: Encodable {
        let name: String
        /// As `key=pattern`; empty for the row of all other notices.
        let match: [String]
        let receivers: [String]
    }

    /// The receivers of one registration's stages with one of these severities.
    struct Audience: Encodable {
        let registration: String
        fileprivate(set) var severities: [String]
        let receivers: [Named]

        struct Named: Encodable, Equatable {
            let receiver: String
            let namedBy: String

            private enum CodingKeys: String, CodingKey {
                case receiver
                case namedBy = "named_by"
            }
        }
    }

    let routes: [Row]
    let audiences: [Audience]
    /// Receivers that no part of the table names.
    let unrouted: [String]

    init(_ settings: Settings, plan: WatchPlan) {
        let route = settings.route
        routes =
            route.rules.enumerated().map { index, rule in
                Row(name: "route.rules[\(index)]", match: rule.matchers.texts, receivers: rule.receivers)
            } + [Row(name: "route.receivers", match: [], receivers: route.receivers)]
            + (route.fallback.isEmpty ? [] : [Row(name: "route.fallback", match: [], receivers: route.fallback)])
        audiences = settings.registrations.flatMap { Self.audiences(of: $0.name, plan) }
        unrouted = settings.unroutedReceivers
    }

    private static func audiences(of registration: String, _ plan: WatchPlan) -> [Audience] {
        Severity.allCases.reduce(into: []) { audiences, severity in
            let traits = plan.traits(ofNoticeFor: registration, severity: severity)
            let receivers = plan.route.addressees(of: [traits]).map {
                Audience.Named(receiver: $0.receiver, namedBy: $0.namedBy)
            }
            if let same = audiences.firstIndex(where: { $0.receivers == receivers }) {
                audiences[same].severities.append(severity.rawValue)
            } else {
                audiences.append(
                    Audience(registration: registration, severities: [severity.rawValue], receivers: receivers))
            }
        }
    }

    /// The table, then each registration with the receivers of its stages.
    func lines(on terminal: Terminal) -> [String] {
        var table = TextTable()
        for row in routes {
            table.append([
                .init(row.name), .start(of: row.match.joined(separator: ", ")),
                .init(row.receivers.joined(separator: ", "), fit: .wrapped),
            ])
        }
        var stages = TextTable()
        for audience in audiences {
            stages.append([
                .start(of: audience.registration), .init(audience.severities.joined(separator: ", ")),
                .start(of: audience.receivers.map(\.receiver).joined(separator: ", ")),
                .init(audience.receivers.first?.namedBy ?? "no rule"),
            ])
        }
        let silent = unrouted.isEmpty ? [] : ["", "no route names: \(unrouted.joined(separator: ", "))"]
        return table.lines(on: terminal) + [""] + stages.lines(on: terminal) + silent
    }
}

extension Settings {
    /// The receivers that neither a route nor the summary names.
    var unroutedReceivers: [String] {
        let routed = Set(route.everybody + (summary?.receivers ?? []))
        return receivers.map(\.name).filter { !routed.contains($0) }
    }
}
