/// The labels of a sample as they are written, which is what Prometheus compares.
///
/// Two sets are equal when their texts are: values that differ only in what cannot be written, such as control
/// characters, would make a scrape fail. A label without a value is left out, because Prometheus takes it for a missing
/// one. The samples of a certificate share one text.
package struct LabelSet: Hashable, Sendable {
    /// A longer value is cut. Prometheus takes any length, but a certificate may have a name of megabytes.
    package static let longestValue = 1_024

    /// `role="ca",state="ok"`; empty without labels.
    package let text: String

    package init(_ labels: [MetricFamily.Label]) {
        text = labels.filter { !$0.value.isEmpty }.map(Self.written).joined(separator: ",")
    }

    private init(text: String) {
        self.text = text
    }

    /// These labels and one more.
    func adding(_ label: MetricFamily.Label) -> LabelSet {
        LabelSet(text: text.isEmpty ? Self.written(label) : "\(text),\(Self.written(label))")
    }

    private static func written(_ label: MetricFamily.Label) -> String {
        "\(label.name)=\"\(escaped(label.value))\""
    }

    /// Escapes a backslash, a quotation mark and a line feed, as both formats require. Other control characters become
    /// the replacement character: some readers end a line at a carriage return, and the others have no meaning.
    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for (index, scalar) in value.unicodeScalars.enumerated() {
            guard index < longestValue else { return escaped + "…" }
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            case _ where scalar.properties.generalCategory == .control: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
