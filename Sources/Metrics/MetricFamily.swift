/// The metrics of one name with their help text and values.
package struct MetricFamily: Hashable, Sendable {
    /// The type of a metric, which determines how Prometheus uses it.
    package enum Kind: String, Hashable, Sendable {
        case gauge
        /// Only increases. The name of its samples ends with `_total`.
        case counter
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
        package let labels: [Label]
        package let value: Double

        package init(_ value: Double, _ labels: [Label] = []) {
            self.labels = labels
            self.value = value
        }
    }

    /// The name of the samples. The name of a counter ends with `_total`.
    package let name: String
    package let kind: Kind
    /// One sentence for a person.
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
    /// - Returns: false when a sample has these labels already, which is then kept. Prometheus rejects a whole scrape
    ///   in which
    ///   two samples have the same labels.
    @discardableResult
    package mutating func add(_ value: Double, _ labels: [Label] = []) -> Bool {
        guard labelSets.insert(labels).inserted else { return false }
        samples.append(Sample(value, labels))
        return true
    }

    /// Adds a whole number, such as seconds since 1970.
    @discardableResult
    package mutating func add(_ value: Int64, _ labels: [Label] = []) -> Bool {
        add(Double(value), labels)
    }
}
