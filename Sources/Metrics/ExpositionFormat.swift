import Certificates

/// How metrics are written for those who scrape them.
package enum ExpositionFormat: Hashable, Sendable, CaseIterable {
    /// Prometheus' text format 0.0.4, which node_exporter's textfile collector reads as well.
    case prometheus
    /// OpenMetrics 1.0.0.
    case openMetrics

    /// The value of `Content-Type`.
    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// The text of all families with at least one sample.
    package func text(of families: [MetricFamily]) -> String {
        ExpositionText(families, in: self).joined()
    }

    func header(of family: MetricFamily) -> String {
        let name = self == .openMetrics ? family.nameWithoutSuffix : family.name
        return "# HELP \(name) \(escapedHelp(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
    }

    private func escapedHelp(_ text: String) -> String {
        let escaped = text.replacing(scalar: "\\", with: "\\\\").replacing(scalar: "\n", with: "\\n")
        return self == .openMetrics ? escaped.replacing(scalar: "\"", with: "\\\"") : escaped
    }
}

extension MetricFamily {
    /// OpenMetrics names the family of a counter without the suffix of its samples.
    fileprivate var nameWithoutSuffix: String {
        kind == .counter && name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
    }
}
