/// The text of metrics in pieces, so that a scrape with many series is never one large string.
package struct ExpositionText: Sequence, IteratorProtocol {
    private static let pieceSize = 1 << 16

    private let families: [MetricFamily]
    private let format: ExpositionFormat
    private var family = 0
    private var sample = 0
    private var isOver = false

    /// - Parameters:
    ///   - families: those without a sample are left out.
    ///   - format: how they are written.
    package init(_ families: [MetricFamily], in format: ExpositionFormat) {
        self.families = families.filter { !$0.samples.isEmpty }
        self.format = format
    }

    /// The next piece, which ends with a line; nil after the last one.
    package mutating func next() -> String? {
        guard !isOver else { return nil }
        var piece = ""
        while family < families.count {
            let current = families[family]
            if sample == 0 { piece += format.header(of: current) }
            while sample < current.samples.count {
                Self.write(current.samples[sample], of: current, to: &piece)
                sample += 1
                if piece.utf8.count >= Self.pieceSize { return piece }
            }
            family += 1
            sample = 0
        }
        isOver = true
        if format == .openMetrics { piece += "# EOF\n" }
        return piece.isEmpty ? nil : piece
    }

    private static func write(_ sample: MetricFamily.Sample, of family: MetricFamily, to text: inout String) {
        text += family.name
        text += sample.suffix
        if !sample.labels.text.isEmpty {
            text += "{"
            text += sample.labels.text
            text += "}"
        }
        text += " "
        text += number(sample.value)
        text += "\n"
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
