/// Counts of values up to each of some bounds.
package struct Histogram: Hashable, Sendable {
    private let bounds: [Double]
    /// One more than `bounds`: the last is without a bound.
    private var counts: [Int64]
    package private(set) var sum = 0.0

    /// - Parameter bounds: the upper, inclusive bounds of the buckets, ascending.
    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    package var count: Int64 { counts.reduce(0, +) }

    /// Each bound as both formats write it, a float in its canonical form, with the number of values up to it.
    var cumulativeCounts: [(bound: String, count: Int64)] {
        var total: Int64 = 0
        return zip(bounds.map { "\($0)" } + ["+Inf"], counts).map { bound, count in
            total += count
            return (bound, total)
        }
    }
}
