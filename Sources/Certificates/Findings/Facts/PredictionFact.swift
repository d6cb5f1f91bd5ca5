/// The facts of a predicted finding about an endpoint.
package enum PredictionFact: Hashable, Sendable, Codable {
    /// When a certificate ends.
    package enum End: Hashable, Sendable, Codable {
        case at(Instant)
        case never
        case unreadable
    }

    /// The certificate at one address.
    package struct AddressedCertificate: Hashable, Sendable, Codable {
        package let address: String
        package let end: End

        package init(address: String, end: End) {
            self.address = address
            self.end = end
        }
    }

    case issuerNotListed
    case expiredAccepted(name: String, end: Instant?)
    case clientEndsWithIssuer(issuer: String, end: Instant)
    case intermediateMissing(name: String)
    case expiredServed(name: String, issuer: String, end: End)
    case addressesDisagree([AddressedCertificate])
    case fileDiffers(path: String, served: End, inFile: End, fileIsNewer: Bool)
}

extension PredictionFact: Phrase {
    package var english: String {
        switch self {
        case .issuerNotListed:
            "the server names the CAs whose client certificates it accepts, and the issuer of ours is not among them, so "
                + "it accepts us today and will not after its next restart"
        case .expiredAccepted(let name, let end):
            "the server accepted our client certificate \(name) although it expired\(end.map { " at \($0)" } ?? "")"
        case .clientEndsWithIssuer(let issuer, let end):
            "the client certificate ends with its CA \(issuer) at \(end), before its own notAfter: from then on the "
                + "server refuses it"
        case .intermediateMissing(let name):
            "the served chain lacks the intermediate \(name): clients that know only its root refuse it"
        case .expiredServed(let name, let issuer, let end):
            "the served chain holds \(name), issued by \(issuer), which \(end.english) and has expired: some clients "
                + "refuse it"
        case .addressesDisagree(let certificates):
            "its addresses present different certificates: "
                + certificates.map { "\($0.address) (\($0.end.english))" }.joined(separator: ", ")
        case .fileDiffers(let path, let served, let inFile, let fileIsNewer):
            "it serves a certificate that \(served.english), and \(path) holds one that \(inFile.english): "
                + (fileIsNewer ? "it was renewed on disk and not reloaded" : "the file is not what is served")
        }
    }

    package var japanese: String {
        switch self {
        case .issuerNotListed:
            "サーバーが受け付けるCAの一覧に、クライアント証明書の発行者がありません（次の再起動後に拒否される見込みです）"
        case .expiredAccepted(let name, let end):
            "サーバーは、期限切れ（\(JapaneseText.text(of: end))）のクライアント証明書\(JapaneseText.quoted(name))を受け入れました"
        case .clientEndsWithIssuer(let issuer, let end):
            "クライアント証明書は、自身の notAfter より前の \(end) に、CA\(JapaneseText.quoted(issuer))とともに使えなくなります"
        case .intermediateMissing(let name):
            "提示されたチェーンに中間証明書\(JapaneseText.quoted(name))がなく、ルートだけを信頼するクライアントに拒否されます"
        case .expiredServed(let name, let issuer, let end):
            "提示されたチェーンに、期限切れの\(JapaneseText.quoted(name))（発行者\(JapaneseText.quoted(issuer))、"
                + "\(end.japanese)）が含まれ、一部のクライアントに拒否されます"
        case .addressesDisagree(let certificates):
            "アドレスごとに異なる証明書が提示されています（"
                + certificates.map { "\($0.address): \($0.end.japanese)" }.joined(separator: "、") + "）"
        case .fileDiffers(let path, let served, let inFile, let fileIsNewer):
            "提示された証明書（\(served.japanese)）が\(JapaneseText.quoted(path))の証明書（\(inFile.japanese)）と異なり、"
                + (fileIsNewer ? "更新後に再読み込みされていません" : "ファイルとは別のものが使われています")
        }
    }
}

extension PredictionFact.End: Phrase {
    /// `ends at 2026-01-01T00:00:00Z`
    package var english: String {
        switch self {
        case .at(let instant): "ends at \(instant)"
        case .never: "has no end"
        case .unreadable: "has no readable end"
        }
    }

    package var japanese: String {
        switch self {
        case .at(let instant): "有効期限 \(instant)"
        case .never: "無期限"
        case .unreadable: "有効期限を読み取れません"
        }
    }
}
