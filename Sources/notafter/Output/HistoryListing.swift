import Certificates
import LedgerStorage

/// The probe history of an endpoint, for `probe --history`.
struct HistoryListing: Encodable {
    /// The most rounds, and the most hours, that are printed for people. JSON has all.
    private static let shown = 24

    let endpoint: String
    let history: EndpointHistory

    private enum CodingKeys: String, CodingKey {
        case endpoint = "name"
        case rounds, hours
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(endpoint, forKey: .endpoint)
        try container.encode(history.rounds.map(RoundObject.init), forKey: .rounds)
        try container.encode(history.hours.map(HourObject.init), forKey: .hours)
    }

    /// Hours first, then single rounds; the newest of each last.
    func lines(on terminal: Terminal) -> [String] {
        var hours = TextTable()
        hours.append(["hour", "good"].map { .init($0) } + Self.phases + [.init("slowest")])
        for hour in history.hours.suffix(Self.shown) {
            let isGood = hour.good == hour.rounds
            hours.append(
                [
                    .init(hour.beginning.description),
                    .init("\(hour.good)/\(hour.rounds)", paint: { terminal.coloured($0, isGood: isGood) }),
                ] + Self.cells(hour.means) + [.init("\(hour.slowest) ms")])
        }
        var rounds = TextTable()
        rounds.append([.init("round"), .init("verdict")] + Self.phases)
        for round in history.rounds.suffix(Self.shown) {
            let verdict = round.verdict.replacing("_", with: " ")
            rounds.append(
                [
                    .init(round.probedAt.description),
                    .init(verdict, paint: { terminal.coloured($0, isGood: round.isGood) }),
                ] + Self.cells(round.timings))
        }
        return ["\(TerminalText.escaped(endpoint)): the last hours, with the means of their good rounds"]
            + hours.lines(on: terminal)
            + ["", "the last rounds, with the times of the probe that must be let in"] + rounds.lines(on: terminal)
    }

    private static var phases: [TextTable.Cell] {
        ["DNS", "connect", "TLS", "first byte", "total"].map { .init($0) }
    }

    private static func cells(_ timings: PhaseTimings?) -> [TextTable.Cell] {
        let steps = [timings?.nameLookup, timings?.connect, timings?.tlsHandshake, timings?.firstByte, timings?.total]
        return steps.map { .init($0.map { "\($0) ms" } ?? "-") }
    }
}

private struct RoundObject: Encodable {
    let round: EndpointHistory.Round

    private enum CodingKeys: String, CodingKey {
        case probedAt = "probed_at"
        case verdict
        case isGood = "good"
        case timings = "timings_ms"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(round.probedAt, forKey: .probedAt)
        try container.encode(round.verdict, forKey: .verdict)
        try container.encode(round.isGood, forKey: .isGood)
        try container.encode(round.timings, forKey: .timings)
    }
}

private struct HourObject: Encodable {
    let hour: EndpointHistory.Hour

    private enum CodingKeys: String, CodingKey {
        case hour, rounds, good
        case means = "mean_timings_ms"
        case slowest = "slowest_ms"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(hour.beginning, forKey: .hour)
        try container.encode(hour.rounds, forKey: .rounds)
        try container.encode(hour.good, forKey: .good)
        try container.encode(hour.means, forKey: .means)
        try container.encode(hour.slowest, forKey: .slowest)
    }
}
