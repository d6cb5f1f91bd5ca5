/// The metrics of one name with their help text and values.
package struct MetricFamily: Hashable, Sendable {
    /// The type of a metric, which determines how Prometheus uses it.
    package enum Kind: String, Hashable, Sendable {
        case gauge
        /// Only increases. The name of its samples ends with `_total`.
        case counter
        case histogram
    }

    /// A label of a sample. Values may be untrusted text from a certificate or server.
    package struct Label: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// One value with its labels.
    package struct Sample: Hashable, Sendable {
        /// Follows the family's name: `_bucket`, `_sum` or `_count` of a histogram; else empty.
        let suffix: String
        package let labels: LabelSet
        package let value: Double
    }

    /// The name of the samples. The name of a counter ends with `_total`.
    package let name: String
    package let kind: Kind
    /// One sentence for a person.
    package let help: String
    package private(set) var samples: [Sample]
    private var labelSets: Set<LabelSet>

    package init(_ name: String, _ kind: Kind = .gauge, help: String) {
        self.name = name
        self.kind = kind
        self.help = help
        samples = []
        labelSets = []
    }

    /// Adds a value.
    ///
    /// - Returns: false when a sample has these labels already, which is then kept. Prometheus rejects a whole scrape
    ///   in which
    ///   two samples have the same labels.
    @discardableResult
    package mutating func add(_ value: Double, _ labels: LabelSet) -> Bool {
        guard labelSets.insert(labels).inserted else { return false }
        samples.append(Sample(suffix: "", labels: labels, value: value))
        return true
    }

    /// Adds a whole number, such as seconds since 1970.
    @discardableResult
    package mutating func add(_ value: Int64, _ labels: LabelSet) -> Bool {
        add(Double(value), labels)
    }

    /// Adds a value with labels that are not written yet.
    @discardableResult
    package mutating func add(_ value: Double, _ labels: [Label] = []) -> Bool {
        add(value, LabelSet(labels))
    }

    /// Adds a whole number with labels that are not written yet.
    @discardableResult
    package mutating func add(_ value: Int64, _ labels: [Label] = []) -> Bool {
        add(Double(value), LabelSet(labels))
    }

    /// Adds a distribution: its buckets, their sum and their count.
    package mutating func add(_ histogram: Histogram) {
        guard labelSets.insert(LabelSet([])).inserted else { return }
        for (bound, count) in histogram.cumulativeCounts {
            samples.append(
                Sample(suffix: "_bucket", labels: LabelSet([Label("le", bound)]), value: Double(count)))
        }
        samples.append(Sample(suffix: "_sum", labels: LabelSet([]), value: histogram.sum))
        samples.append(Sample(suffix: "_count", labels: LabelSet([]), value: Double(histogram.count)))
    }
}
