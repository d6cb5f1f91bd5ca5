extension Verdict {
    /// The verdict as a clause in Japanese.
    var japanese: String {
        switch self {
        case .enforced: "mTLSが正しく求められています"
        case .accepted: "クライアント証明書で接続できました"
        case .cancelled: "確認が途中で中止されました"
        case .inconclusive: "クライアント証明書は受け入れられましたが、拒否されるはずの接続で拒否を確認できません"
        case .optional: "サーバーはクライアント証明書を求めますが、証明書のないクライアントも受け入れます"
        case .notEnforced: "mTLSが求められておらず、証明書がなくても、または誤った証明書でも接続できます"
        case .misconfigured: "設定のファイルかURLを使えないため、確認できません"
        case .unexpectedAnswer: "応答が、受け入れとも拒否とも異なります"
        case .handshakeFailed: "証明書の検証の前に、TLSのハンドシェイクが失敗しました"
        case .notTLS: "ポートがTLSではありません"
        case .serverCertificateUntrusted: "サーバーのチェーンが信頼するCAにつながりません"
        case .serverCertificateHostnameMismatch: "サーバーの証明書の名前が異なります"
        case .serverCertificateExpired: "サーバーのチェーンに期限切れの証明書があります"
        case .serverCertificateInvalid: "サーバーのチェーンを検証できません"
        case .timeout: "時間内に応答がありません"
        case .unreachable: "エンドポイントに到達できません"
        case .refusedOurs: "エンドポイントがクライアント証明書を拒否しています"
        }
    }
}
