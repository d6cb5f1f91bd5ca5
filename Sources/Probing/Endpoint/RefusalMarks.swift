import CurlBinding

/// Marks that identify an endpoint's refusal when an edge has replaced its status and page. One match is enough, and
/// marks take precedence over every other meaning of a response.
package struct RefusalMarks: Hashable, Sendable {
    package var statuses = StatusSet.none
    /// Texts in the body.
    package var bodyTexts: [String] = []

    package init() {}

    package var isEmpty: Bool { statuses.isEmpty && bodyTexts.isEmpty }

    func match(status: Int, _ result: TransferResult) -> Bool {
        statuses.contains(status) || bodyTexts.contains(where: result.bodyContains)
    }
}

extension TransferResult {
    func bodyContains(_ mark: String) -> Bool {
        body.firstRange(of: Array(mark.utf8)) != nil
    }
}
