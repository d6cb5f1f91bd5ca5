import Certificates
import LedgerStorage

/// A row of bars, one for each round or hour. A bad one is taller, so that its shape tells it apart as well.
struct Strip {
    /// One bar.
    struct Bar {
        let isGood: Bool
        let label: String
    }

    private static let (step, height) = (8, 26)

    let bars: [Bar]
    /// The number of places; empty ones are on the left.
    let places: Int
    let label: String
    /// The class of the drawing.
    let form: String

    var svg: Markup {
        var svg: Markup = """
            <svg class="\(form)" viewBox="0 0 \(places * Self.step) \(Self.height)" role="img" aria-label="\(
                label)"><path class="grid" d="M0 \(Self.height - 1)H\(places * Self.step)"/>
            """
        for (index, bar) in bars.suffix(places).enumerated() {
            let x = (places - min(bars.count, places) + index) * Self.step + 1
            let (y, kind) = bar.isGood ? (12, "round-good") : (1, "round-bad")
            svg += """
                <rect class="\(kind)" x="\(x)" y="\(y)" width="\(Self.step - 2)" height="\(
                    Self.height - 2 - y)" rx="1"><title>\(bar.label)</title></rect>
                """
        }
        svg += "</svg>"
        return svg
    }

    /// The last rounds of an endpoint.
    init(rounds: [EndpointHistory.Round], words: Words) {
        bars = rounds.map { round in
            Bar(
                isGood: round.isGood,
                label: "\(round.probedAt) \(round.verdict.replacing("_", with: " ")) \(round.timings.total) ms")
        }
        places = EndpointOverview.roundLimit
        form = "strip"
        label = words(CountPhrase.rounds(rounds.count, bad: rounds.count { !$0.isGood }))
    }

    /// The last hours with probes.
    init(hours: [EndpointHistory.Hour], words: Words) {
        bars = hours.map { hour in
            Bar(
                isGood: hour.good == hour.rounds,
                label: "\(hour.beginning) \(hour.good)/\(hour.rounds), \(hour.slowest) ms")
        }
        places = 168
        form = "strip wide"
        label = words(CountPhrase.hours(hours.count, bad: hours.count { $0.good != $0.rounds }))
    }
}
