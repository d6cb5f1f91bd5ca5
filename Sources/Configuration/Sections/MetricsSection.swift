/// `metrics`: which series there are, for scrapes and for `scan --textfile`.
enum MetricsSection {
    enum Key: String, CaseIterable {
        case certificateSeries = "certificate_series"
    }

    /// The number of places with series of their own; nil for the default.
    static func read(_ cursor: Cursor) -> Int? {
        Section<Key>(cursor)?[.certificateSeries]?.integer(within: 0...100_000)
    }
}
