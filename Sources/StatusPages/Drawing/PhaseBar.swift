import Certificates
import LedgerStorage

/// The phases of a probe as one bar, in the order in which they happen.
struct PhaseBar {
    let timings: PhaseTimings
    let words: Words

    /// The phases that were reached, with their names and milliseconds.
    private var phases: [(name: String, milliseconds: Int)] {
        [
            ("DNS", timings.nameLookup), ("connect", timings.connect), ("TLS", timings.tlsHandshake),
            ("first byte", timings.firstByte),
        ].compactMap { name, time in time.map { (words.word(name), $0) } }
    }

    /// Empty when no phase was reached.
    var svg: Markup {
        let phases = phases
        guard !phases.isEmpty else { return "" }
        let sum = max(phases.map(\.milliseconds).reduce(0, +), 1)
        let text = phases.map { "\($0.name) \($0.milliseconds) ms" }.joined(separator: ", ")
        var svg: Markup =
            "<p class=\"detail\">\(text)</p><svg class=\"strip\" viewBox=\"0 0 384 14\" role=\"img\" aria-label=\"\(text)\">"
        var x = 0
        for (index, phase) in phases.enumerated() {
            let width = max(2, 384 * phase.milliseconds / sum)
            let kind = "phase-\(index + 1)"
            let label = "\(phase.name) \(phase.milliseconds) ms"
            svg +=
                "<rect class=\"\(kind)\" x=\"\(x)\" y=\"1\" width=\"\(width)\" height=\"12\"><title>\(label)</title></rect>"
            x += width
        }
        svg += "</svg>"
        return svg
    }
}
