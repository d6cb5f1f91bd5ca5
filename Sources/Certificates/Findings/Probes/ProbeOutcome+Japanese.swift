extension ProbeOutcome {
    /// The result of a probe with such a certificate and the next step, as one sentence in Japanese.
    func japanese(showing certificate: ClientCertificateFact) -> String {
        if let refusal = TLSRefusal.allCases.first(where: { ProbeOutcome($0) == self }) {
            return refusal.japanese(showing: certificate)
        }
        return switch self {
        case .refusedByNginx: Self.japaneseNginx(certificate)
        case .refusedByCloudflare where certificate == .none, .refusedSilent where certificate == .none,
            .refusedApachePostHandshake where certificate == .none:
            "証明書を提示しないクライアントとして拒否されました。"
        default: japanese
        }
    }

    private static func japaneseNginx(_ certificate: ClientCertificateFact) -> String {
        switch certificate {
        case .none: "nginxがクライアントを拒否しました。"
        case .expired: "nginxが期限切れのクライアント証明書を拒否したため、更新してください。"
        case .notYetValid: "nginxがまだ有効でないクライアント証明書を拒否したため、両方の時計を確認してください。"
        case .valid: "nginxがクライアント証明書を拒否したため、別のCA、古い失効リスト、失効、用途のどれが理由かを nginx の error.log で確認してください。"
        }
    }

    private var japanese: String {
        switch self {
        case .accepted: "エンドポイントはこの接続を受け入れました。"
        case .refusedNoCertificate, .refusedKeyCannotSign, .refusedCertificateExpired, .refusedCertificateNotYetValid,
            .refusedServerCRLOrClock, .refusedRevoked, .refusedUnknownCA, .refusedPurpose, .refusedBadCertificate,
            .refusedPolicy, .serverFailed, .handshakeFailed:
            japanese(showing: .valid)
        case .refusedByNginx: Self.japaneseNginx(.valid)
        case .refusedByCloudflare:
            "Cloudflareが要求をブロックしたため、CAのアップロード、ホスト名の関連付け、ルールの条件を確認してください。"
        case .refusedApachePostHandshake:
            "Apacheがハンドシェイク後に証明書を求めたため、SSLVerifyClient を仮想ホスト全体に設定してください。"
        case .refusedByMark: "応答がこのエンドポイントの設定 refusal に一致しました。"
        case .refusedByDatabase: "データベースがこのクライアントを拒否したため、データベースのログで理由を確認してください。"
        case .refusedStatus: "このクライアントには権限がないという応答のため、エンドポイントのアクセス規則を確認してください。"
        case .refusedSilent:
            "サーバーが証明書を求めた後、応答せずに接続を閉じたため、サーバーのログ（AWSのロードバランサーでは接続ログの tls_verify_status）を確認してください。"
        case .nameLookupFailed: "ホスト名を解決できないため、名前とリゾルバーを確認してください。"
        case .connectFailed: "ホストに接続できないため、ポート、サービス、ファイアウォールを確認してください。"
        case .timedOut: "時間内に応答がないため、サービスを確認するか、timeout を長くしてください。"
        case .serverCertificateUntrusted:
            "サーバーのチェーンが信頼するCAにつながらないため、ca_file（なければシステムのCA）と比べてください。"
        case .serverCertificateExpired: "サーバーの証明書の期限が切れているため、更新してください。"
        case .serverHostnameMismatch: "サーバーの証明書の名前が異なるため、URLを確認するか、server_name を設定してください。"
        case .serverCertificateInvalid: "サーバーのチェーンを検証できないため、括弧内の理由を確認してください。"
        case .notTLS: "ポートがTLSではないため、URLのポートを確認してください。"
        case .unexpectedStatus: "期待と異なる応答のため、URLか expect.status を確認してください。"
        case .unmetExpectation: "期待と異なる応答のため、サービスを直すか、expect を変更してください。"
        case .plainHTTPToTLSPort: "途中のプロキシがTLSのポートに平文のHTTPで接続しているため、上流を https:// にしてください。"
        case .upgradeLost:
            "途中のプロキシがアップグレードを落としているため、nginxでは proxy_http_version 1.1 と、Upgrade および Connection の proxy_set_header を設定してください。"
        case .upgradeBroken: "WebSocketへのアップグレードの応答がRFC 6455に反しているため、括弧内の理由を確認してください。"
        case .protocolMismatch: "サーバーがURLのスキームのプロトコルかTLSに対応していないため、URLを確認してください。"
        case .closedSilently:
            "サーバーが証明書を求めた後、応答せずに接続を閉じたため、同時に1接続しか扱えない場合は sequential: true を設定してください。"
        case .connectionLost: "応答の前に接続が切れたため、サーバーのログを確認してください。"
        case .clientFilesUnusable: "このエンドポイントのファイルを使えないため、括弧内のファイルを確認してください。"
        case .urlUnusable: "このエンドポイントのURLを使えないため、docs/probes.md のスキームを確認してください。"
        case .cancelled: "確認は途中で中止されました。"
        }
    }
}
