import ExpiryRules

/// What holds for every registration.
enum DefaultsSection {
    enum Key: String, CaseIterable {
        case thresholds
    }

    static func thresholds(_ cursor: Cursor) -> [Threshold]? {
        Section<Key>(cursor)?[.thresholds]?.distinctList { $0.threshold() }
    }
}
