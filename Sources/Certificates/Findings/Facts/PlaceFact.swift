/// The facts of a finding about a registered place.
package enum PlaceFact: Hashable, Sendable, Codable {
    /// The kind of object that a place should show.
    package enum Content: String, Hashable, Sendable, Codable, CaseIterable {
        case certificate
        case revocationList = "revocation_list"
    }

    /// The whole place cannot be read.
    case unreadable(DefectFact)
    /// The place can be read, and everything that was there is gone.
    case emptied(place: String, content: Content)
    /// The place has never shown an object. A defect may explain why.
    case neverShown(place: String, content: Content, defect: DefectFact?)
    /// Some places of the source cannot be read.
    case partlyUnreadable(place: String, count: Int, examples: [DefectFact])
    /// Some files should contain a certificate and have none that can be read.
    case undecodable(place: String, count: Int, examples: [DefectFact])
    /// nil stands for a date that cannot be read. `noWellDefinedExpiry` stands for a certificate that never expires.
    case certificateReplaced(path: String, name: String, expiry: Instant?, newExpiry: Instant?)
    case listReplaced(path: String, issuer: String, issued: Instant?, newIssued: Instant?)
    /// As many client certificates that edges report are watched as the limit allows; `example` is one that is not.
    case observedLimit(limit: Int, example: String, edge: String)
}

extension PlaceFact: Phrase {
    package var english: String {
        switch self {
        case .unreadable(let defect): Self.lost(defect.english)
        case .emptied(let place, let content): Self.lost("\(place): no \(content.english) is there any more")
        case .neverShown(let place, let content, nil): Self.lost("\(place): no \(content.english) is there")
        case .neverShown(let place, let content, let defect?):
            Self.lost(
                (defect.english.hasPrefix(place + ":") ? "" : "\(place): no \(content.english) is there; ")
                    + defect.english)
        case .partlyUnreadable(let place, let count, let examples):
            Self.english(
                place, "\(counted(count, "place")) where certificates are or may be cannot be read", count, examples)
        case .undecodable(let place, let count, let examples):
            Self.english(
                place,
                "\(counted(count, "file")) should contain a certificate and \(agreeing(count, "has", "have")) none "
                    + "that can be read", count, examples)
        case .certificateReplaced(let path, let name, let expiry, let newExpiry):
            "\(path): the certificate \"\(name)\" that expires \(Self.english(expiry)) was replaced by one that expires "
                + "earlier, \(Self.english(newExpiry))"
        case .listReplaced(let path, let issuer, let issued, let newIssued):
            "\(path): the revocation list of \"\(issuer)\" issued \(Self.english(issued)) was replaced by one issued "
                + "earlier, \(Self.english(newIssued))"
        case .observedLimit(let limit, let example, let edge):
            "\(counted(limit, "client certificate")) that edges report \(agreeing(limit, "is", "are")) watched, as many as "
                + "observed.limit allows; new ones are not, such as \"\(example)\" at \(edge)"
        }
    }

    private static func lost(_ clause: String) -> String {
        "\(clause); the certificates that are known from there stay watched"
    }

    private static func english(_ place: String, _ clause: String, _ count: Int, _ examples: [DefectFact]) -> String {
        "\(place): \(clause): \(examples.map(\.english).joined(separator: "; "))"
            + (count > examples.count ? "; and \(count - examples.count) more" : "")
    }

    private static func english(_ instant: Instant?) -> String {
        guard let instant else { return "at an unreadable date" }
        return instant == .noWellDefinedExpiry ? "never" : instant.description
    }

    package var japanese: String {
        switch self {
        case .unreadable(let defect): defect.japanese
        case .emptied(let place, let content): "\(JapaneseText.quoted(place))から\(content.japanese)がなくなりました"
        case .neverShown(let place, let content, let defect):
            "\(JapaneseText.quoted(place))に\(content.japanese)がありません\(JapaneseText.remark(defect?.japanese))"
        case .partlyUnreadable(let place, let count, let examples):
            Self.japanese("\(JapaneseText.quoted(place))のうち\(count)か所を読み取れません", count, examples)
        case .undecodable(let place, let count, let examples):
            Self.japanese(
                "\(JapaneseText.quoted(place))のうち\(count)件のファイルに、読み取れる証明書がありません", count, examples)
        case .certificateReplaced(let path, let name, let expiry, let newExpiry):
            "\(JapaneseText.quoted(path))の証明書\(JapaneseText.quoted(name))（有効期限: \(Self.japanese(expiry))）が、"
                + "期限の早いもの（\(Self.japanese(newExpiry))）に置き換わりました"
        case .listReplaced(let path, let issuer, let issued, let newIssued):
            "\(JapaneseText.quoted(path))にあるCA\(JapaneseText.quoted(issuer))の失効リスト"
                + "（発行: \(Self.japanese(issued))）が、以前に発行されたもの（\(Self.japanese(newIssued))）に置き換わりました"
        case .observedLimit(let limit, let example, let edge):
            "エッジから報告されたクライアント証明書の監視数が上限の\(limit)件に達し、エッジ\(JapaneseText.quoted(edge))の"
                + "\(JapaneseText.quoted(example))など新しい証明書を監視していません"
        }
    }

    private static func japanese(_ clause: String, _ count: Int, _ examples: [DefectFact]) -> String {
        let rest = count > examples.count ? "、ほか\(count - examples.count)件" : ""
        return "\(clause)（\(examples.map(\.japanese).joined(separator: "、"))\(rest)）"
    }

    private static func japanese(_ instant: Instant?) -> String {
        instant == .noWellDefinedExpiry ? "無期限" : JapaneseText.text(of: instant)
    }
}

extension PlaceFact.Content: Phrase {
    package var english: String {
        switch self {
        case .certificate: "certificate"
        case .revocationList: "revocation list"
        }
    }

    package var japanese: String {
        switch self {
        case .certificate: "証明書"
        case .revocationList: "失効リスト"
        }
    }
}
