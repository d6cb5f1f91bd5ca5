/// The expected result of a probe.
package enum ProbeQuestion: Hashable, Sendable {
    /// The client must be accepted with the expected response.
    case entry(AnswerExpectation)
    /// The client must be refused. Any success means that it was accepted without the right certificate.
    case refusal(AnswerExpectation)

    var isRefusal: Bool {
        switch self {
        case .entry: false
        case .refusal: true
        }
    }

    /// The statuses that mean acceptance.
    var admittedStatuses: StatusSet {
        switch self {
        case .entry(let expectation): expectation.statuses
        case .refusal(let expectation): expectation.statuses.union(.success)
        }
    }
}
