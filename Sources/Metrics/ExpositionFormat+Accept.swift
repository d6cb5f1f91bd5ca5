extension ExpositionFormat {
    /// The format that a client prefers (RFC 9110 12.5.1).
    ///
    /// - Parameter accept: the field `Accept`; the text format is for clients that name neither format.
    package init(accept: String) {
        var weights: [ExpositionFormat: Double] = [:]
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingSpaces.lowercased() }
            guard let format = parts.first.flatMap(Self.named), Self.isKnownVersion(parts, of: format) else { continue }
            let weight = parts.first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            weights[format] = max(weights[format] ?? 0, weight)
        }
        let (openMetrics, text) = (weights[.openMetrics] ?? 0, weights[.prometheus] ?? 0)
        self = openMetrics > 0 && openMetrics >= text ? .openMetrics : .prometheus
    }

    private static func named(_ mediaType: String) -> ExpositionFormat? {
        switch mediaType {
        case "application/openmetrics-text": .openMetrics
        case "text/plain": .prometheus
        default: nil
        }
    }

    /// A client that names only a later version is not given an earlier one.
    private static func isKnownVersion(_ parts: [String], of format: ExpositionFormat) -> Bool {
        guard let version = parts.first(where: { $0.hasPrefix("version=") })?.dropFirst("version=".count) else {
            return true
        }
        switch format {
        case .prometheus: return true
        case .openMetrics: return ["1.0.0", "0.0.1"].contains(version.filter { $0 != "\"" })
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        return start[..<(start.lastIndex { $0 != " " && $0 != "\t" }.map(start.index(after:)) ?? start.startIndex)]
    }
}
