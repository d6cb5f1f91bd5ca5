/// A defect at one path, as a finding names it.
package struct DefectFact: Hashable, Sendable, Codable {
    package let reason: Defect.Reason
    /// The path, pattern, command or URL.
    package let path: String
    /// The sentence in English. It names the path.
    package let message: String

    package init(reason: Defect.Reason, path: String, message: String) {
        self.reason = reason
        self.path = path
        self.message = message
    }
}

extension DefectFact: Phrase {
    package var english: String { message }

    package var japanese: String {
        // What a command, a server or the system answered has no other text than this.
        let answer = reason == .readFailed ? JapaneseText.remark(JapaneseText.quoted(detail)) : ""
        return "\(JapaneseText.quoted(path))\(reason.japaneseClause)\(answer)"
    }

    private var detail: String {
        message.hasPrefix(path + ": ") ? String(message.dropFirst(path.count + 2)) : message
    }
}

extension Defect.Reason {
    /// A clause in Japanese to follow the path.
    fileprivate var japaneseClause: String {
        switch self {
        case .notFound: "が見つかりません"
        case .permissionDenied: "を読み取る権限がありません"
        case .readFailed: "を読み取れません"
        case .danglingLink: "のリンク先がありません"
        case .linkOutsideRoot: "のリンク先が登録した場所の外にあります"
        case .notRegularFile: "は通常のファイルではありません"
        case .tooLarge: "は大きすぎます"
        case .tooDeep: "の階層が深すぎます"
        case .badPEM: "のPEMの形式が正しくありません"
        case .badDER: "のDERの形式が正しくありません"
        case .badExtension: "の拡張領域の形式が正しくありません"
        case .badKeyStore: "のキーストアの形式が正しくありません"
        case .encrypted: "は暗号化されています"
        case .passphraseMissing: "のパスフレーズを読み取れません"
        case .badPassphrase: "のパスフレーズが違います"
        case .unsupportedEncryption: "の暗号方式に対応していません"
        case .iterationLimit: "の鍵導出の反復回数が上限を超えています"
        case .noCertificateFound, .noCertificate: "に読み取れる証明書がありません"
        case .unreadableDate: "に読み取れない日時があります"
        case .emptyGlob: "に一致するファイルがありません"
        case .emptyDirectory: "のディレクトリに証明書がありません"
        }
    }
}
