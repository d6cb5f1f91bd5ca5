import Certificates
import ExpiryRules
import LedgerStorage

/// The built-in texts in Japanese.
struct JapanesePhrasebook: Phrasebook {
    func title(_ words: NoticeWords) -> String {
        let list = words.object == .revocationList ? " の失効リスト" : ""
        let which = words.subject.isEmpty ? words.registration : "\(words.registration) の \(words.subject)\(list)"
        let title =
            switch words.kind {
            case .renewed where words.culprit == nil && words.successorExpiry == nil:
                "\(which) の有効期限は元に戻りました"
            case .expiring: "\(which) の有効期限まで\(timeLeft(words))です"
            case .expired: "\(which) の有効期限が切れました"
            case .renewed: "\(which) は更新されました"
            case .removed: "\(which) はなくなりました"
            case .withdrawn: "\(which) の通知は早すぎたため取り消します"
            case .finding: "\(words.registration): \(words.finding?.name(in: .japanese) ?? "確認が必要です")"
            case .summary: words.summary.map(summaryTitle) ?? "notafter の定期サマリー"
            case .findingResolved: "\(words.registration): 解消しました: \(words.finding?.name(in: .japanese) ?? "検出事項")"
            }
        return reminder(words) + title
    }

    func text(_ words: NoticeWords) -> String {
        let name = "\(words.registration) の\(role(words))「\(words.subject)」"
        let expiry = words.expiry.map(\.description) ?? "不明な日時"
        let text =
            switch words.kind {
            case .expiring:
                """
                \(name)の有効期限まで\(timeLeft(words))です（\(expiry) まで\(culprit(words))）\(place(words))。\
                それまでに、\(remedy(words.remedy))\(owner(words))。\(falls(words))\(lateness(words))
                """
            case .expired:
                """
                \(name)の有効期限が切れました（\(expiry) まで\(culprit(words))）\(place(words))。\
                ただちに、\(remedy(words.remedy))\(owner(words))。\(falls(words))\(lateness(words))
                """
            case .renewed where words.successorExpiry == nil:
                "\(name)は、先に期限を迎えるはずだったものが更新されたため、再び \(expiry) まで有効です\(place(words))。"
            case .renewed:
                "\(name)は更新されました\(successor(words))\(place(words))。"
            case .removed:
                "\(name)は、登録されたどの場所からもなくなりました\(place(words))。"
            case .withdrawn:
                """
                取り消し: \(name)の有効期限は \(expiry) です\(place(words))。通知した時点で、notafter が動作する機械の時計が\
                進んでいました。期限が近づいた時点で改めて通知します。
                """
            case .finding:
                findingText(words)
            case .summary:
                words.summary.map(summaryTitle) ?? "監視の状況を定期的にお知らせします。"
            case .findingResolved:
                "解消しました（\(words.occurredAt)）: \(words.statement(in: .japanese) ?? words.registration)"
            }
        return reminder(words) + text
    }

    func remedy(_ remedy: Remedy) -> String {
        switch remedy {
        case .renewAuthority(let hostnames):
            let served = hostnames.isEmpty ? "" : "（対象: \(Self.quotedList(hostnames))）"
            return "更新し、新しいCA証明書を検証側に配布してください\(served)"
        case .uploadToCloudflareAccess(let hostnames):
            let attached =
                hostnames.isEmpty ? "元の証明書のホスト名" : Self.quotedList(hostnames)
            return "更新したCA証明書を「Cloudflare Access」にアップロードし、\(attached)に関連付けてください"
        case .uploadToTrustStore:
            return "更新し、新しいCA証明書をロードバランサーのトラストストアにアップロードしてください"
        case .renewAndReplace:
            return "更新し、新しい証明書に置き換えてください"
        case .issueList:
            return "新しい失効リストを発行し、利用するすべての検証側に配布してください"
        case .renewAuthorityFirst(let name):
            return "先にCA「\(name.prefix(200))」を更新してください（このCAとともに使えなくなります）"
        }
    }

    func label(_ field: FieldName) -> String {
        switch field {
        case .registration: "登録名"
        case .expires: "有効期限"
        case .location: "場所"
        case .foundBy: "検出方法"
        case .owner: "担当"
        case .affects: "影響範囲"
        case .issuer: "発行者"
        case .serial: "シリアル番号"
        case .fingerprint: "SHA-256"
        case .labels: "ラベル"
        }
    }

    func finder(_ finder: NoticeWords.Finder) -> String {
        switch finder {
        case .file: "ファイルのスキャン"
        case .endpoint: "エンドポイントへの接続確認"
        case .fetched: "コマンドまたはURL"
        case .standardInput: "標準入力"
        case .observed: "エッジでの使用"
        }
    }

    var listSeparator: String { "、" }

    /// `「a」、「b」`
    private static func quotedList(_ names: some Sequence<String>) -> String {
        names.map { "「\($0)」" }.joined(separator: "、")
    }

    func everybodyWhoPresents() -> String { "このCAが発行したすべてのクライアント証明書" }

    func digestTitle(_ words: DigestWords) -> String {
        let counts = [
            words.expired > 0 ? "期限切れ\(words.expired)件" : nil, words.expiring > 0 ? "期限間近\(words.expiring)件" : nil,
            words.findings > 0 ? "検出事項\(words.findings)件" : nil, words.over > 0 ? "解消\(words.over)件" : nil,
        ]
        return "通知\(words.total)件: \(counts.compactMap(\.self).joined(separator: "、"))"
    }

    func digestRest(_ count: Int) -> String { "ほか\(count)件は `notafter list` で確認できます" }

    func repeatMark(of identifier: String) -> String {
        "（最初の送信の応答が失われたため再送しています。\(identifier) を受信済みの場合は無視してください。）"
    }

    func testTitle() -> String { "notafter のテストメッセージ" }

    func testText(receiver: String) -> String {
        "notafter から通知先 \(receiver) へのテストメッセージです。通知はここに届きます。"
    }

    func templateFailed(_ reason: TemplateFailure) -> String {
        switch reason {
        case .empty: "（通知先のテンプレートの結果が空だったため、標準の文面を送っています。）"
        case .tooLong: "（通知先のテンプレートの結果が長すぎたため、標準の文面を送っています。）"
        case .unusable(let reason): "（通知先のテンプレートが使えないため、標準の文面を送っています: \(reason)）"
        }
    }

    /// The name of the finding, its begin, the statement and the remedy.
    private func findingText(_ words: NoticeWords) -> String {
        guard let code = words.finding, let text = words.findingText(in: .japanese) else {
            return "\(words.registration)の確認が必要です（\(words.occurredAt) から）。"
        }
        return "\(code.name(in: .japanese))（\(words.occurredAt) から）: \(text)"
    }

    private func reminder(_ words: NoticeWords) -> String { words.isReminder ? "再通知: " : "" }

    private func role(_ words: NoticeWords) -> String {
        switch (words.object, words.role) {
        case (.revocationList, _): "失効リスト"
        case (_, .ca): "CA証明書"
        case (_, .client): "クライアント証明書"
        case (_, .server): "サーバー証明書"
        case (_, .revocationList), (_, nil): "証明書"
        }
    }

    private func culprit(_ words: NoticeWords) -> String {
        words.culprit.map { "、CA「\($0)」の期限による" } ?? ""
    }

    private func falls(_ words: NoticeWords) -> String {
        let fallen = dependents(words.dependents)
        let refusal =
            words.object == .revocationList
            ? "期限の切れた失効リストを確認する側（nginxなど）は、すべてのクライアントを拒否します。" : ""
        return fallen.isEmpty ? refusal : "\(refusal)期限が切れると、\(fallen.joined(separator: "と"))も使えなくなります。"
    }

    func dependents(_ dependents: Dependents) -> [String] {
        let certificates = dependents.certificates == 0 ? [] : ["登録済みの証明書\(dependents.certificates)件"]
        let endpoints =
            dependents.endpoints.isEmpty
            ? []
            : ["エンドポイント\(Self.quotedList(dependents.endpoints.prefix(Self.endpointLimit)))"]
        return certificates + endpoints
    }

    private static let endpointLimit = 5

    private func place(_ words: NoticeWords) -> String {
        guard let place = words.place else { return "" }
        return "（\(place)\(words.furtherPlaces > 0 ? " ほか\(words.furtherPlaces)か所" : "")）"
    }

    private func timeLeft(_ words: NoticeWords) -> String {
        guard let left = words.timeLeft else { return "不明な期間" }
        return "あと\(CountedTime(left).japanese)"
    }

    private func owner(_ words: NoticeWords) -> String {
        words.owner.map { "（担当: \($0)）" } ?? ""
    }

    private func successor(_ words: NoticeWords) -> String {
        words.successorExpiry.map { "（新しい証明書の有効期限: \($0)）" } ?? ""
    }

    private func lateness(_ words: NoticeWords) -> String {
        guard !words.missed.isEmpty else { return "" }
        let stages = words.missed.map { "\(CountedTime($0).japanese)前" }.joined(separator: "と")
        guard let since = words.notObservedSince else { return "初めて確認した時点で、すでに期限の\(stages)を過ぎていました。" }
        return "\(since) 以降は確認が行われなかったため、期限の\(stages)の通知が送られていません。"
    }
}
