extension PathFlaw {
    package var japanese: String {
        switch self {
        case .issuerUnknown(let issuer, let reason):
            "信頼するCAまでたどれず、発行者\(Self.name(issuer))が不明です\(Self.openSSL(reason))"
        case .signatureInvalid(let holder, let issuer):
            "\(Self.subject(holder))の署名が、CA\(Self.name(issuer))によるものではありません"
        case .pathLengthExceeded(let holder): "\(Self.subject(holder))の下にあるCAの数が、パス長の制限を超えています"
        case .nameConstraintsViolated(let holder, let reason):
            "\(Self.subject(holder))の名前が、CAの名前制約に違反しています\(Self.openSSL(reason))"
        case .tooManyNames(let holder): "\(Self.subject(holder))の名前が多すぎ、OpenSSLは名前制約と照合しません"
        case .notAuthority(let holder, let reason):
            "\(Self.subject(holder))がCAの位置にありますが、CAではありません\(Self.openSSL(reason))"
        case .issuerMayNotSign(let issuer): "CA\(Self.name(issuer))は証明書に署名できません（鍵用途 keyCertSign がありません）"
        case .wrongPurpose(let holder, let reason):
            "\(Self.subject(holder))はこの用途に使えません\(Self.openSSL(reason))"
        case .notAccepted(let holder, let reason): "OpenSSLは\(Self.subject(holder))を受け付けません\(Self.openSSL(reason))"
        case .keyBelowLevel(let holder, let key, let level):
            "\(Self.subject(holder))の鍵（\(key.japanese)）が、OpenSSLのセキュリティレベル\(level)に足りません"
        case .signatureBelowLevel(let holder, let signature, let level):
            "\(Self.subject(holder))の署名\(JapaneseText.remark(signature?.japanese))が、"
                + "OpenSSLのセキュリティレベル\(level)に足りません"
        case .keyUnusable(let holder, let key):
            "OpenSSLは\(Self.subject(holder))の公開鍵\(key.isEmpty ? "" : JapaneseText.quoted(key))を使えません"
        case .keyUnsupported(let holder, let key, let version):
            "OpenSSL \(version) は\(Self.subject(holder))の鍵の種類\(JapaneseText.quoted(key))を検証できません"
        case .signatureUnsupported(let issuer, let algorithm, let version):
            "OpenSSL \(version) は、CA\(Self.name(issuer))が署名に使う\(JapaneseText.quoted(algorithm))を検証できません"
        case .issuerExtension(let issuer, let flaw): "OpenSSLはCA\(Self.name(issuer))を拒否します（\(flaw.japanese)）"
        case .issuerNotYetValid(let issuer, let date): "CA\(Self.name(issuer))は \(date) まで有効になりません"
        case .issuerExpired(let issuer, let date): "CA\(Self.name(issuer))は \(date) に期限が切れました"
        case .issuerDateUnreadable(let issuer, let reason):
            "CA\(Self.name(issuer))の日時を読み取れません\(reason.map(Self.openSSL) ?? "")"
        case .unreadable(let reason): "OpenSSLでは読み取れません\(reason.map(Self.openSSL) ?? "")"
        }
    }

    private static func subject(_ holder: String?) -> String {
        holder.map { JapaneseText.quoted($0) } ?? "この証明書"
    }

    private static func name(_ name: String?) -> String {
        name.map { JapaneseText.quoted($0) } ?? ""
    }

    /// OpenSSL's own text.
    private static func openSSL(_ reason: String) -> String {
        reason.isEmpty ? "" : "（OpenSSL: \(JapaneseText.quoted(reason))）"
    }
}
