import CurlBinding

/// By what an endpoint's refusal is known, where an edge has rewritten status and page. Any one of them is enough, and
/// they come before everything else that an answer may mean.
package struct RefusalMarks: Hashable, Sendable {
    package var statuses = StatusSet.none
    /// Parts of the body.
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
