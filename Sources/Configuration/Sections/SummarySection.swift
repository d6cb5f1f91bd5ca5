import Certificates
import ExpiryRules

/// `summary`: the receivers and the period of summaries.
enum SummarySection {
    enum Key: String, CaseIterable {
        case receivers, every, from
    }

    private static let periods = TimeSpan.days(1)...TimeSpan.days(31)

    static func read(_ cursor: Cursor, receivers: ReceiversSection, names: ReceiverNames) -> SummaryPlan? {
        guard let section = Section<Key>(cursor) else { return nil }
        let names = section.required(.receivers)?.receivers(names) { element, name in
            let configured = receivers.receivers.first { $0.name == name }
            guard configured?.receiver.takesSummaries != false else {
                element.report(
                    """
                    "\(name)" keeps incidents, and a summary is none: name a receiver that people read, or a webhook in the \
                    native format
                    """)
                return false
            }
            return true
        }
        let every = section[.every].map { $0.span(within: periods) } ?? SummaryPlan.usualPeriod
        let from = section[.from].map { $0.instant() } ?? SummaryPlan.usualBeginning
        guard let names, let every, let from else { return nil }
        return SummaryPlan(every: every, from: from, receivers: names)
    }
}

extension Cursor {
    /// A date with time and offset (RFC 3339).
    fileprivate func instant() -> Instant? {
        guard let text = scalarText() else { return nil }
        if let instant = Instant(rfc3339: text) { return instant }
        report("\(quoted(text)) is not a time such as 2026-01-05T09:00:00+09:00")
        return nil
    }
}
