/// The facts of a finding about the machine that notafter runs on.
package enum MachineFact: Hashable, Sendable, Codable {
    case clockSetForward(by: TimeSpan)
    case clockSetBack(by: TimeSpan)
    /// No endpoint and no receiver can be reached.
    case cutOff(endpoints: Int)
}

extension MachineFact: Phrase {
    package var english: String {
        switch self {
        case .clockSetForward(let span):
            "this machine's clock was set forward by \(CountedTime(span)), or the machine was suspended for as long, so "
                + "notices that a certificate has expired may be too early"
        case .clockSetBack(let span):
            "this machine's clock was set back by \(CountedTime(span)), so notices that were sent too early are withdrawn "
                + "and sent again in time"
        case .cutOff(let count):
            "this machine reaches \(agreeing(count, "neither its endpoint", "none of its \(count) endpoints")) "
                + "\(agreeing(count, "nor", "and none of")) the receivers that were tried"
        }
    }

    package var japanese: String {
        switch self {
        case .clockSetForward(let span):
            "このマシンの時計が\(CountedTime(span).japanese)進められたか、同じ時間停止していたため、"
                + "期限切れの通知が早すぎる可能性があります"
        case .clockSetBack(let span):
            "このマシンの時計が\(CountedTime(span).japanese)戻されたため、早すぎた通知を取り消し、時期が来たら改めて通知します"
        case .cutOff(let count):
            "このマシンから、\(count)件のエンドポイントのいずれにも、試したどの通知先にも到達できません"
        }
    }
}
