import Certificates
import CurlBinding

/// What a kind of receiver does: it says a message in the words of its service, hands it over, and knows what the answer
/// means. `ReceiverKind` is the registry; a new kind is one file and one row there.
package protocol Receiver: Sendable {
    /// What the configuration may say of it besides what `ReceiverKind.keys` adds, in the order of the documentation.
    static var keys: [SettingKey] { get }
    static var grouping: Grouping { get }
    /// What is wrong with a combination of keys.
    static func problems(_ settings: ReceiverSettings) -> [SettingProblem]

    /// - Returns: nil when a required key is missing.
    init?(_ settings: ReceiverSettings)

    /// What the service does to the text of a message.
    var markup: Markup { get }
    /// Whether it can be told how everything stands: a service that keeps incidents has no place for what is none.
    var takesSummaries: Bool { get }
    /// Whether people read it, who would not know a repeat for one.
    var marksRepeats: Bool { get }
    /// Longer than one attempt can take.
    var longestAttempt: TimeSpan { get }
    /// So many messages may be on their way at once, when the service is slow to answer.
    static var mostAtOnce: Int { get }

    /// The bytes that stand for a message: the ledger freezes them at the first attempt, so that a repeat says the same.
    /// They hold no secret.
    func body(for message: Message) throws -> [UInt8]

    /// Hands a frozen body over.
    ///
    /// - Throws: `SecretFileError` and its kin when nothing could be sent for want of a file; such an error names the file
    ///   and shows nothing of it.
    func send(_ attempt: Attempt, through sender: HTTPSender) async throws -> AttemptResult
}

extension Receiver {
    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] { [] }
    package static var mostAtOnce: Int { 1 }
    package var takesSummaries: Bool { true }
    package var marksRepeats: Bool { Self.grouping == .digest }
    package var markup: Markup { .plain }
    package var longestAttempt: TimeSpan { TimeSpan(seconds: Int64(HTTPSender.timeoutMilliseconds) / 1_000) }
}

/// A receiver over HTTP.
package protocol HTTPReceiver: Receiver {
    var connection: Connection { get }

    /// The requests of one attempt, mostly one, in their order. Secrets are read anew. Where there are several, each can be
    /// repeated.
    func requests(for attempt: Attempt) throws -> [HTTPRequest]

    /// What an answer means.
    func verdict(of result: TransferResult) -> AttemptResult
}

extension HTTPReceiver {
    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] { Connection.problems(settings) }

    package func verdict(of result: TransferResult) -> AttemptResult { AttemptResult(result) }

    package func send(_ attempt: Attempt, through sender: HTTPSender) async throws -> AttemptResult {
        var verdict = AttemptResult(.delivered, .done, "there was nothing to send")
        for request in try requests(for: attempt) {
            verdict = self.verdict(of: try await sender.post(request, over: connection))
            guard verdict.outcome == .delivered else { break }
        }
        return verdict
    }
}
