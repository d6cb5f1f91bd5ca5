/// Metrics of one name: what they mean, and their values.
package struct MetricFamily: Hashable, Sendable {
    /// What Prometheus does with the values.
    package enum Kind: String, Hashable, Sendable {
        case gauge
        /// Grows only. The name of its samples ends with `_total`.
        case counter
    }

    /// A label of a sample. Values may be hostile text of a certificate or server.
    package struct Label: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// One value.
    package struct Sample: Hashable, Sendable {
        package let labels: [Label]
        package let value: Double

        package init(_ value: Double, _ labels: [Label] = []) {
            self.labels = labels
            self.value = value
        }
    }

    /// Of the samples; the name of a counter ends with `_total`.
    package let name: String
    package let kind: Kind
    /// One sentence for people.
    package let help: String
    package private(set) var samples: [Sample]
    private var labelSets: Set<[Label]>

    package init(_ name: String, _ kind: Kind = .gauge, help: String) {
        self.name = name
        self.kind = kind
        self.help = help
        samples = []
        labelSets = []
    }

    /// Adds a value.
    ///
    /// - Returns: false when there is a sample with these labels already; the first one stays. Prometheus refuses a whole
    ///   scrape in which two samples have the same labels.
    @discardableResult
    package mutating func add(_ value: Double, _ labels: [Label] = []) -> Bool {
        guard labelSets.insert(labels).inserted else { return false }
        samples.append(Sample(value, labels))
        return true
    }

    /// Adds seconds since 1970, or another whole number.
    @discardableResult
    package mutating func add(_ value: Int64, _ labels: [Label] = []) -> Bool {
        add(Double(value), labels)
    }
}
