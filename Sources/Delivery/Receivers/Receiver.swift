import Certificates
import CurlBinding
import Messages

/// A kind of receiver: it encodes a message for its service, sends it, and interprets the answer. `ReceiverKind` is the
/// registry; a new kind is one file and one row there.
package protocol Receiver: Sendable {
    /// Its configuration keys, in the order of the documentation. `ReceiverKind.keys` adds the common ones.
    static var keys: [SettingKey] { get }
    static var grouping: Grouping { get }
    /// The errors in the combination of keys.
    static func problems(_ settings: ReceiverSettings) -> [SettingProblem]

    /// - Returns: nil when a required key is missing.
    init?(_ settings: ReceiverSettings)

    /// The markup that the service interprets in the text of a message.
    var markup: Markup { get }
    /// Whether it accepts summaries. A service that keeps incidents does not, since a summary is not an incident.
    var takesSummaries: Bool { get }
    /// Whether people read its messages. A possible duplicate then starts with a line that says so.
    var marksRepeats: Bool { get }
    /// An upper bound for the duration of one attempt.
    var longestAttempt: TimeSpan { get }
    /// The most concurrent messages while the service is slow to answer.
    static var mostAtOnce: Int { get }

    /// Encodes a message. The ledger freezes these bytes at the first attempt, so that each retry sends the same. They
    /// hold no secret.
    func body(for message: Message) throws -> [UInt8]

    /// Sends a frozen body.
    ///
    /// - Throws: `SecretFileError` or a similar error when a required file cannot be used, so that nothing was sent.
    ///   The error names the file and shows nothing of its content.
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

    /// The requests of one attempt, in their order; mostly there is one. Secrets are read again. If there are several
    /// requests, each can be repeated.
    func requests(for attempt: Attempt) throws -> [HTTPRequest]

    /// Interprets an answer.
    func verdict(of result: TransferResult) -> AttemptResult
}

extension HTTPReceiver {
    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] { Connection.problems(settings) }

    package func verdict(of result: TransferResult) -> AttemptResult { AttemptResult(result) }

    package func send(_ attempt: Attempt, through sender: HTTPSender) async throws -> AttemptResult {
        var result = AttemptResult(.delivered, .done, "there was nothing to send")
        for request in try requests(for: attempt) {
            result = verdict(of: try await sender.post(request, over: connection))
            guard result.outcome == .delivered else { break }
        }
        return result
    }
}
