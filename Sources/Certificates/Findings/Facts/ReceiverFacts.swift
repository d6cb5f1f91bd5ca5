/// The facts of a finding about a receiver.
package struct ReceiverFacts: Hashable, Sendable, Codable {
    /// What the receiver does with messages.
    package enum Trouble: Hashable, Sendable, Codable {
        /// It answered that it no longer exists.
        case gone(answer: String)
        case refuses
        /// A file or setting of ours prevents messages to it.
        case cannotBeSent
        /// It accepted nothing since an instant; nil if that is unknown. `expired` notices were not delivered in time.
        case unreachable(since: Instant?, expired: Int)
    }

    /// A notice that waits for the receiver.
    package struct WaitingNotice: Hashable, Sendable, Codable {
        package let registration: String
        package let kind: NoticeKind
        /// `14d`; nil without a stage.
        package let stage: String?
        /// The code of a finding.
        package let code: FindingCode?
        /// The name of a certificate or list.
        package let name: String?

        package init(registration: String, kind: NoticeKind, stage: String?, code: FindingCode?, name: String?) {
            self.registration = registration
            self.kind = kind
            self.stage = stage
            self.code = code
            self.name = name
        }
    }

    package let receiver: String
    package let trouble: Trouble
    /// The number of waiting notices; `examples` has the first of them.
    package let waiting: Int
    package let examples: [WaitingNotice]
    /// The text of the last attempt's result; nil without an attempt.
    package let answer: String?

    package init(receiver: String, trouble: Trouble, waiting: Int, examples: [WaitingNotice], answer: String?) {
        self.receiver = receiver
        self.trouble = trouble
        self.waiting = waiting
        self.examples = examples
        self.answer = answer
    }
}

extension ReceiverFacts: Phrase {
    package var english: String {
        let remark = answer.map { " (\($0))" } ?? ""
        let clause =
            switch trouble {
            case .gone(let answer): "the receiver \(receiver) answers that it is gone (\(answer))"
            case .refuses: "the receiver \(receiver) refuses messages\(remark)"
            case .cannotBeSent: "messages to the receiver \(receiver) cannot be sent\(remark)"
            case .unreachable(let since?, _): "the receiver \(receiver) has accepted nothing since \(since)\(remark)"
            case .unreachable(nil, _): "the receiver \(receiver) did not accept its messages in time\(remark)"
            }
        let list = examples.map(\.english).joined(separator: "; ")
        let more = waiting > examples.count ? "; and \(waiting - examples.count) more" : ""
        let number = waiting == 0 ? "no notice" : counted(waiting, "notice")
        let lost = expired > 0 ? "; \(counted(expired, "notice")) expired undelivered" : ""
        return "\(clause); \(number) \(waiting > 1 ? "wait" : "waits") for it"
            + (examples.isEmpty ? "" : ": \(list)\(more)") + lost
    }

    package var japanese: String {
        let name = JapaneseText.quoted(receiver)
        let remark = answer.map { "（最後の結果: \(JapaneseText.quoted($0))）" } ?? ""
        let clause =
            switch trouble {
            case .gone(let answer): "通知先\(name)は廃止されたと応答しています（\(JapaneseText.quoted(answer))）"
            case .refuses: "通知先\(name)がメッセージを拒否しています\(remark)"
            case .cannotBeSent: "通知先\(name)にメッセージを送信できません\(remark)"
            case .unreachable(let since?, _): "通知先\(name)は \(since) 以降、メッセージを受け付けていません\(remark)"
            case .unreachable(nil, _): "通知先\(name)は期限までにメッセージを受け付けませんでした\(remark)"
            }
        let list = examples.map(\.japanese).joined(separator: "、")
        let more = waiting > examples.count ? "、ほか\(waiting - examples.count)件" : ""
        let lost = expired > 0 ? "、未配信のまま期限切れの通知: \(expired)件" : ""
        return "\(clause)、待機中の通知: \(waiting)件" + (examples.isEmpty ? "" : "（\(list)\(more)）") + lost
    }

    private var expired: Int {
        if case .unreachable(_, let expired) = trouble { expired } else { 0 }
    }
}

extension ReceiverFacts.WaitingNotice: Phrase {
    /// `fleet: "CN=a" (expiring 14d)`
    package var english: String {
        let about = code.map(\.rawValue) ?? name.map { "\"\($0)\"" }
        let notice = [kind.rawValue.replacing("_", with: " "), stage].compactMap(\.self).joined(separator: " ")
        return "\(registration): \(about.map { "\($0) (\(notice))" } ?? notice)"
    }

    package var japanese: String {
        let about = code.map { $0.name(in: .japanese) } ?? name.map { JapaneseText.quoted($0) }
        let notice = kind.japanese + (stage.map { " \($0)" } ?? "")
        return "\(JapaneseText.quoted(registration))の\(about.map { "\($0)（\(notice)）" } ?? notice)"
    }
}

extension NoticeKind {
    fileprivate var japanese: String {
        switch self {
        case .expiring: "期限間近"
        case .expired: "期限切れ"
        case .renewed: "更新"
        case .removed: "削除"
        case .withdrawn: "取り消し"
        case .finding: "検出事項"
        case .findingResolved: "解消"
        case .summary: "定期サマリー"
        }
    }
}
