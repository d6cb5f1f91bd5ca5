import Certificates
import ExpiryRules

/// The life of a certificate as a line: from notBefore over its stages and today to its end.
struct LifeLine {
    private static let (left, right, y) = (10, 1_050, 34)

    let beginning: Instant
    let end: Instant
    /// The early end; nil without one.
    let earlyEnd: Instant?
    let stages: [Stage]
    let now: Instant
    let words: Words

    /// - Returns: nil for a life without a beginning or an end.
    init?(_ validity: Validity, earlyEnd: Instant?, stages: [Stage], at now: Instant, words: Words) {
        guard let beginning = validity.notBefore, case .at(let end) = validity.expiry, beginning < end else {
            return nil
        }
        (self.beginning, self.end, self.earlyEnd) = (beginning, end, earlyEnd)
        (self.stages, self.now, self.words) = (stages, now, words)
    }

    private func x(_ instant: Instant) -> Int {
        let share = Double((instant - beginning).seconds) / Double((end - beginning).seconds)
        return Self.left + Int(Double(Self.right - Self.left) * min(max(share, 0), 1))
    }

    var svg: Markup {
        let today = x(now)
        let working = earlyEnd.map { min($0, end) } ?? end
        var svg: Markup = """
            <svg viewBox="0 0 1060 76" role="img" aria-label="\(beginning.date) – \(working.date)"><rect class="life-past" x="\(
                Self.left)" y="\(Self.y)" width="\(Self.right - Self.left)" height="10" rx="5"/>
            """
        if today < x(working) {
            svg +=
                "<rect class=\"life\" x=\"\(today)\" y=\"\(Self.y)\" width=\"\(x(working) - today)\" height=\"10\" rx=\"2\"/>"
        }
        for stage in stages where stage != .expired {
            let (place, label) = (x(stage.beginning(for: working)), "\(stage) \(stage.beginning(for: working).date)")
            svg += "<path class=\"stage\" d=\"M\(place) \(Self.y - 6)v22\"><title>\(label)</title></path>"
        }
        svg += """
            <path class="today" d="M\(today) \(Self.y - 12)v34"/><text x="\(min(max(today, 24), 1_030))" y="\(
                Self.y - 18)" text-anchor="middle">\(words.word("today"))</text><text x="\(Self.left)" y="\(
                Self.y + 34)">\(beginning.date)</text><text x="\(Self.right)" y="\(Self.y + 34)" text-anchor="end">\(end.date)</text>
            """
        if let earlyEnd, earlyEnd < end {
            let place = x(earlyEnd)
            svg +=
                "<path class=\"pole\" d=\"M\(place) \(Self.y - 10)v32\"/><text x=\"\(min(max(place, 40), 1_000))\" y=\"\(Self.y + 34)\" text-anchor=\"middle\">\(earlyEnd.date)</text>"
        }
        svg += "</svg>"
        return svg
    }
}
