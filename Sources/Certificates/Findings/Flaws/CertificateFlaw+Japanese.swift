extension CertificateFlaw {
    package var japanese: String {
        switch self {
        case .dateUnreadable(let reason):
            "有効期間の日時を読み取れません" + (reason.map { "（OpenSSL: \(JapaneseText.quoted($0))）" } ?? "")
        case .notYetValid(let date): "\(date) まで有効になりません"
        case .expired(let date): "\(date) に期限が切れました"
        case .outlivesIssuer(let issuer, let end):
            "自身の notAfter より前の \(end) に、CA\(JapaneseText.quoted(issuer))とともに使えなくなります"
        case .thresholdsTooWide(let spans, let lifetime):
            "しきい値 \(spans.map(\.description).joined(separator: "、")) が、"
                + "有効期間（\(CountedTime(lifetime).japanese)）の大半を占めます"
        case .noAuthorityFlag: "CAとして登録されていますが、CAではありません（CA:TRUE がありません）"
        case .noCertificateSigning: "証明書に署名できません（鍵用途 keyCertSign がありません）"
        case .usageMissing(let usage, let hasAny):
            "拡張鍵用途に \(usage) がありません" + (hasAny ? "（OpenSSLは anyExtendedKeyUsage を代わりに認めません）" : "")
        case .keyWeak(let key): "鍵の強度が不足しています（\(key.japanese)）"
        case .signatureWeak(let signature): "署名の強度が不足しています（\(signature.japanese)）"
        case .keyMismatch(let path): "\(JapaneseText.quoted(path))の鍵は、この証明書の鍵ではありません"
        case .keyUnreadable(let path, let trouble): "\(JapaneseText.quoted(path))\(trouble.japanese)"
        case .keyReadableByOthers(let path, let mode): "所有者以外が\(JapaneseText.quoted(path))を読めます（\(mode)）"
        case .commonNameDiffers(let names, let expected):
            "コモンネームが\(JapaneseText.quoted(expected))ではなく\(Self.names(names))です"
        case .issuerDiffers(let names, let expected):
            "発行者のコモンネームが\(JapaneseText.quoted(expected))ではなく\(Self.names(names))です"
        case .serverNameMissing: "サーバー用ですが、サブジェクト代替名がなく、クライアントに拒否されます（RFC 9525）"
        case .nameMissing(let expected): "サブジェクト代替名に\(JapaneseText.quoted(expected))がありません"
        case .fingerprintDiffers(let fingerprint, let expected):
            "SHA-256 が \(expected) ではなく \(fingerprint) です"
        case .serialNumberShared(let number): "同じ発行者の別の証明書が、同じシリアル番号 \(number) を持っています"
        case .serialNumberSharedByMany(let count, let issuer, let number):
            "CA\(JapaneseText.quoted(issuer))の証明書\(count)件が、同じシリアル番号 \(number) を持っています"
        case .extensionFlawed(let flaw): flaw.japanese
        case .serviceWantsAuthority(let service): "\(service.japanese)はCA証明書（CA:TRUE）だけを受け付けます"
        case .serviceRefusesSignature(let service, let signature):
            "\(service.japanese)はこの署名（\(signature.japanese)）を受け付けません"
        case .serviceRefusesKey(let service, let key): "\(service.japanese)はこの鍵（\(key.japanese)）を受け付けません"
        case .serviceRefusesVersion(let service, let version):
            "\(service.japanese)はX.509バージョン3だけを受け付けますが、これはバージョン\(version)です"
        }
    }

    private static func names(_ names: [String]) -> String {
        names.isEmpty ? "「なし」" : JapaneseText.list(names)
    }
}

extension AuthorityProfile {
    fileprivate var japanese: String {
        switch self {
        case .cloudflareAccess: "「Cloudflare Access」"
        case .awsTrustStore: "AWSのトラストストア"
        }
    }
}
