import ExpiryRules

/// What holds for every registration.
enum DefaultsSection {
    enum Key: String, CaseIterable {
        case thresholds
        case revocationListThresholds = "revocation_list_thresholds"
    }

    /// The thresholds of entries that have none of their own.
    struct Thresholds {
        var certificates = Registration.defaultThresholds
        var revocationLists = Registration.defaultListThresholds
    }

    static func thresholds(_ cursor: Cursor) -> Thresholds {
        guard let section = Section<Key>(cursor) else { return Thresholds() }
        let usual = Thresholds()
        return Thresholds(
            certificates: section[.thresholds]?.thresholds() ?? usual.certificates,
            revocationLists: section[.revocationListThresholds]?.thresholds() ?? usual.revocationLists)
    }
}

extension Cursor {
    /// Spans and shares, each once.
    func thresholds() -> [Threshold]? {
        distinctList { $0.threshold() }
    }
}
