extension FindingCode {
    /// A short name of the finding.
    package func name(in language: Language) -> String {
        switch language {
        case .english: englishName
        case .japanese: japaneseName
        }
    }

    /// The next step for a person.
    package func remedy(in language: Language) -> String {
        switch language {
        case .english: remedy
        case .japanese: japaneseRemedy
        }
    }

    private var englishName: String {
        rawValue.replacing("_", with: " ").replacing(" ca", with: " CA").replacing("openssl", with: "OpenSSL")
    }
}
