extension TLSRefusal {
    /// The server's reason and the next step, as one sentence in Japanese.
    func japanese(showing client: ClientCertificateFact) -> String {
        switch self {
        case .noCertificate where client == .none:
            "クライアント証明書が求められましたが、提示していません。"
        case .noCertificate:
            "提示したクライアント証明書を受け取っていないと応答しているため、求められているCAが発行者のCAか確認してください。"
        case .keyCannotSign:
            "クライアント証明書の鍵ではサーバーが受け付ける署名を作れないため、別の種類の鍵で発行するか、サーバーにその方式を許可させてください。"
        case .certificateExpired: "クライアント証明書の期限が切れているため、更新してください。"
        case .certificateNotYetValid: "クライアント証明書がまだ有効でないため、notBefore まで待つか、両方の時計を確認してください。"
        case .serverCRLOrClock:
            "有効なクライアント証明書をサーバーが期限切れと判定しているため、サーバーの失効リストと時計を順に確認してください。"
        case .revoked: "クライアント証明書がサーバーの失効リストにあるため、新しく発行してもらってください。"
        case .unknownCA: "サーバーがクライアント証明書のCAを知らないため、サーバーのCAファイルと発行者を比べてください。"
        case .purpose: "クライアント証明書がTLSクライアント用でないため、clientAuth を付けて発行してください。"
        case .badCertificate where client == .none: "証明書を提示しないクライアントとして拒否されました。"
        case .badCertificate where client == .expired:
            "理由を示さずに拒否されましたが、クライアント証明書の期限が切れているため、更新してください。"
        case .badCertificate: "理由を示さずに拒否されたため、サーバーのログで理由を確認してください。"
        case .policy: "証明書は有効ですが権限がないため、サーバーの規則と、求められるユーザー名や名前を確認してください。"
        case .serverFailed: "ハンドシェイク中にサーバー側で失敗（internal_error）したため、サーバーのログを確認してください。"
        case .noCommonGround: "TLSの条件が一致しないため、両側のバージョンと暗号スイートを比べてください。"
        }
    }
}
