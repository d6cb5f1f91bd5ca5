extension Words {
    /// The words of the templates and of stored values in Japanese, by the English ones.
    static let japanese: [String: String] = frame.merging(headings) { $1 }.merging(sentences) { $1 }
        .merging(states) { $1 }.merging(reasons) { $1 }.merging(facts) { $1 }

    private static let frame = [
        "Skip to the content": "本文へ移動", "Pages": "ページ", "Search certificates": "証明書を検索",
        "name or issuer": "名前または発行者", "Search": "検索", "as of": "時点", "Overview": "概要", "Certificates": "証明書",
        "CAs": "CA", "Endpoints": "エンドポイント", "Deliveries": "配信", "Silences": "抑止", "Health": "稼働状況",
        "First page": "先頭のページ", "Next page": "次のページ", "Go to the overview": "概要へ", "Not found": "見つかりません",
        "Filter": "絞り込み", "Show all": "すべて表示", "any": "すべて", "Label": "ラベル", "Text": "文字列", "Within days": "日以内",
    ]

    private static let headings = [
        "State": "状態", "Needs you now": "対応が必要なもの", "The next twelve months": "今後12か月", "Month": "月",
        "Revocation lists": "失効リスト", "Soonest to end": "期限の近い順", "Messages": "メッセージ", "What": "対象",
        "Ends or since": "期限または発生", "Owner": "担当", "Sent to": "送信先", "Next step": "次の手順", "Name": "名前",
        "Ends": "期限", "Role": "役割", "Places": "場所", "Facts": "内容", "Chain": "チェーン",
        "What depends on it": "依存しているもの", "Endpoint": "エンドポイント", "Renewals": "更新",
        "Notices and deliveries": "通知と配信", "Verdict": "判定", "With the certificate": "証明書あり",
        "Without it": "証明書なし", "Last rounds": "直近の確認", "Probed": "確認日時", "History": "履歴",
        "Presented chain": "提示されたチェーン", "To see the same": "同じ結果を見るには", "Receiver": "受信先", "Notice": "通知",
        "Decided": "判定日時", "What happens next": "次の動作", "Attempts": "試行", "What it silences": "抑止の対象",
        "Reason": "理由", "Until": "終了", "Deliveries held": "保留中の配信", "Health of notafter": "notafter の稼働状況",
        "Could not be read": "読み取れないもの", "Next alerts": "次の通知", "Registration": "登録", "ends": "期限", "since": "開始",
        "Ends in each month": "月ごとの期限",
    ]

    private static let sentences = [
        "Nothing needs you now.": "対応が必要なものはありません。", "The same as a table": "表で見る",
        "Nothing is watched yet.": "まだ何も監視していません。", "No endpoint is probed.": "確認対象のエンドポイントはありません。",
        "All endpoints": "すべてのエンドポイント", "No receiver is configured.": "受信先が設定されていません。",
        "no receiver": "受信先なし", "No certificate or list matches.": "条件に合う証明書や失効リストはありません。",
        "No certificate that it needs is known: its registration names no issuer, or it needs none.":
            "必要な証明書は分かりません（登録に issuer がないか、不要です）。", "Nothing depends on it.": "依存しているものはありません。",
        "No other certificate has these names.": "同じ名前の証明書はほかにありません。",
        "Nothing was decided about it yet.": "まだ判定はありません。", "No chain was recorded.": "チェーンの記録はありません。",
        "No delivery matches.": "条件に合う配信はありません。",
        "Nothing is silenced. `notafter silence add` makes a silence.": "抑止はありません。`notafter silence add` で作成します。",
        "Everything was read.": "すべて読み取れました。", "No alert is due.": "予定されている通知はありません。",
        "There is no such page, or what it showed was removed.": "そのページはないか、表示していたものが削除されました。",
        "Renew it, and install it at its places.": "更新し、それぞれの場所に配置してください。",
    ]

    /// The stored reasons of deliveries.
    private static let reasons = [
        "renewed before it was sent": "送信前に更新されました", "removed before it was sent": "送信前に削除されました",
        "over before it was sent": "送信前に解消しました", "undelivered for too long": "配信できないまま期限が切れました",
        "its registration was taken out of the configuration": "登録が設定から削除されました",
        "its threshold was taken out of the configuration": "しきい値が設定から削除されました",
        "its receiver was taken out of the configuration": "通知先が設定から削除されました",
        "decided by a clock that ran ahead; sent when it is due": "進んだ時計で判定されました（時期が来たら送信します）",
        "it was back before its end was sent": "終了の送信前に再発しました",
    ]

    private static let states = [
        "ok": "正常", "soon": "まもなく", "info": "情報", "warning": "警告", "critical": "重大", "expired": "期限切れ",
        "unknown": "不明", "not yet valid": "有効期間前", "not ok": "正常以外", "pending": "待機", "sending": "送信中",
        "retry": "再試行", "parked": "拒否", "delivered": "配信済み", "superseded": "後の段階に交代", "cancelled": "取り消し",
        "all": "すべて", "open": "未完了", "ended": "終了", "expiring": "期限接近", "renewed": "更新済み", "removed": "削除済み",
        "withdrawn": "取り下げ", "finding": "検出", "finding resolved": "検出の解消", "summary": "要約",
        "unregistered": "登録解除", "recovered": "回復", "threshold removed": "しきい値の削除", "told too early": "早すぎた通知",
        "reopened": "再発", "rejected": "拒否", "not sent": "未送信", "gone": "なし", "unreachable": "到達不能",
        "refusing": "拒否中", "paused": "一時停止", "not used yet": "未使用", "silenced": "抑止中", "active": "有効",
        "over": "終了", "reminder": "再通知", "not probed": "未確認", "Open": "未完了", "Refused": "拒否", "Held": "保留",
        "Expired": "期限切れ", "never ends": "無期限", "date unreadable": "日付を読み取れません", "never": "なし", "none": "なし",
        "certificate": "証明書", "revocation list": "失効リスト", "CA": "CA", "ca": "CA", "client": "クライアント",
        "server": "サーバー", "today": "今日",
    ]

    private static let facts = [
        "Fingerprint (SHA-256)": "フィンガープリント（SHA-256）", "Labels": "ラベル", "Hostnames": "ホスト名",
        "First seen": "初回の検出", "Ended": "終了", "Subject": "サブジェクト", "Alternative names": "別名", "Issuer": "発行者",
        "Serial number": "シリアル番号", "Not before": "有効期間の開始", "Not after": "有効期間の終了", "Public key": "公開鍵",
        "Signature": "署名", "Number": "番号", "This update": "今回の更新", "Next update": "次回の更新",
        "Revoked certificates": "失効した証明書", "HTTP status": "HTTPステータス", "HTTP version": "HTTPのバージョン",
        "TLS version": "TLSのバージョン", "TLS alert": "TLSアラート", "Address": "アドレス", "Total": "合計", "Message": "メッセージ",
        "Ray ID": "Ray ID", "DNS": "DNS", "connect": "接続", "TLS": "TLS", "first byte": "最初の応答",
        "Last pass began": "前回の巡回の開始", "Last pass ended": "前回の巡回の終了", "Last good pass": "最後に正常だった巡回",
        "Open deliveries": "未完了の配信", "Held deliveries": "保留中の配信", "Refused deliveries": "拒否された配信",
        "Expired in the last pass": "前回の巡回で期限切れ", "Registrations": "登録数", "Version": "バージョン", "Jan": "1月",
        "Feb": "2月", "Mar": "3月", "Apr": "4月", "May": "5月", "Jun": "6月", "Jul": "7月", "Aug": "8月", "Sep": "9月",
        "Oct": "10月", "Nov": "11月", "Dec": "12月",
    ]
}
