/// The punctuation of Japanese sentences.
enum JapaneseText {
    /// A name or a foreign text in quotation marks. A mark inside it cannot end it.
    static func quoted(_ text: String) -> String {
        "「\(text.replacing(scalar: "「", with: "『").replacing(scalar: "」", with: "』"))」"
    }

    /// `「a」、「b」`
    static func list(_ names: some Sequence<String>) -> String {
        names.map { quoted($0) }.joined(separator: "、")
    }

    /// A remark in full-width parentheses; empty without one.
    static func remark(_ text: String?) -> String {
        text.map { "（\($0)）" } ?? ""
    }

    /// `29日`, `47時間`, `1時間未満`
    static func text(of time: CountedTime) -> String {
        switch time {
        case .days(let count): "\(count)日"
        case .hours(let count): "\(count)時間"
        case .lessThanAnHour: "1時間未満"
        }
    }

    /// A date, or that it cannot be read.
    static func text(of instant: Instant?) -> String {
        instant?.description ?? "読み取れない日時"
    }
}

extension CountedTime {
    /// `29日`, `47時間`, `1時間未満`
    package var japanese: String { JapaneseText.text(of: self) }
}
