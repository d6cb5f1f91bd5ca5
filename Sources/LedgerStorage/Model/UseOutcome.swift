/// What became of a batch of uses that an edge reported.
package struct UseOutcome: Hashable, Sendable {
    /// The ids of the notices that were decided.
    package internal(set) var noticeIDs: [Int64] = []
    /// How many certificates the edge had not reported before.
    package internal(set) var newCertificates = 0
    /// How many certificates are not watched, since `observed.limit` is reached.
    package internal(set) var overLimit = 0
    /// How many uses are so old that the certificate would be forgotten at once.
    package internal(set) var outdated = 0

    package init() {}

    /// Adds the outcome of another batch.
    package mutating func add(_ other: UseOutcome) {
        noticeIDs += other.noticeIDs
        newCertificates += other.newCertificates
        overLimit += other.overLimit
        outdated += other.outdated
    }
}
