import Certificates
import ExpiryRules
import LedgerStorage
import Monitor

/// A forecast for people: one line for each notice, the soonest last, and the assumptions.
struct ForecastTable {
    private let forecast: Forecast
    private let days: Int

    init(_ forecast: Forecast, days: Int) {
        self.forecast = forecast
        self.days = days
    }

    func lines(on terminal: Terminal, quiet: Bool) -> [String] {
        var table = TextTable()
        for notice in forecast.notices.reversed() { table.append(row(of: notice, on: terminal)) }
        let stuck = forecast.undeliverable.map { delivery in
            let what = "\(delivery.notice), \(delivery.registration)/\(delivery.about(in: .english))"
            let why = delivery.reason ?? delivery.prospect ?? delivery.state.rawValue
            return TerminalText.escaped(
                "is not sent: \(what), to \(delivery.receiver): \(why)")
        }
        return table.lines(on: terminal) + stuck + (quiet ? [] : [summary] + standing)
    }

    /// The open findings, which cause no further notice. Without them a forecast would read as if all were well.
    private var standing: [String] {
        let codes = Set(forecast.findings.filter { $0.severity > .info }.map(\.code.rawValue)).sorted()
        guard !codes.isEmpty else { return [] }
        return ["found already: \(codes.joined(separator: ", ")); `notafter list` says where"]
    }

    private var summary: String {
        let span = counted(days, "day")
        guard !forecast.notices.isEmpty else {
            return "no notice is due within \(span), provided that \(Forecast.assumption)"
        }
        return "\(counted(forecast.notices.count, "notice")) within \(span), provided that \(Forecast.assumption)"
    }

    private func row(of notice: ForecastNotice, on terminal: Terminal) -> [TextTable.Cell] {
        let receivers = notice.receivers.isEmpty ? "no receiver" : notice.receivers.joined(separator: ", ")
        return [
            .init("\(notice.at)"), .init(inDays(notice.at)),
            .init(notice.facts.severity.rawValue) { terminal.coloured($0, isGood: false) },
            .init(
                "\(title(of: notice, on: terminal))  to \(receivers)\(notice.waiting.map(Self.explanation) ?? "")",
                fit: .wrapped),
        ]
    }

    private func title(of notice: ForecastNotice, on terminal: Terminal) -> String {
        guard let name = notice.facts.certificate?.name else { return notice.title }
        return notice.title.replacing(name, with: terminal.shortName(name))
    }

    private func inDays(_ instant: Instant) -> String {
        instant > forecast.from ? "in \(CountedTime(instant - forecast.from))" : "now"
    }

    private static func explanation(of state: DeliveryState) -> String {
        switch state {
        case .pending: " (decided)"
        case .sending: " (on its way)"
        case .retry, .unknown: " (again)"
        case .parked: " (again, refused before)"
        case .delivered, .superseded, .cancelled, .expired: ""
        }
    }
}
