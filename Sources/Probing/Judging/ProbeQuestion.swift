/// What a probe wants to know.
package enum ProbeQuestion: Hashable, Sendable {
    /// Is the client let in, with the answer that is expected?
    case entry(AnswerExpectation)
    /// Is the client refused? Any success without the right certificate means that it was let in.
    case refusal(AnswerExpectation)

    var isRefusal: Bool {
        switch self {
        case .entry: false
        case .refusal: true
        }
    }

    /// The statuses that mean "let in".
    var admittedStatuses: StatusSet {
        switch self {
        case .entry(let expectation): expectation.statuses
        case .refusal(let expectation): expectation.statuses.union(.success)
        }
    }
}
