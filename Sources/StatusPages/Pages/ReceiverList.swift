import Certificates
import LedgerStorage

/// The receivers and the outbox, on the overview.
struct ReceiverList {
    let state: SiteState
    let context: PageContext

    var values: PageValues {
        let outbox = state.outbox
        let figures: [(String, Int, DeliveryPage.Selection)] = [
            ("Open", outbox.open, .open), ("Refused", outbox.parked, .parked), ("Held", outbox.held, .open),
            ("Expired", outbox.expired, .expired),
        ]
        return [
            "outbox": .list(
                figures.map { name, count, selection in
                    [
                        "figureName": .text(context.words.word(name)), "figure": .number(count),
                        "figureAddress": .text(PageAddress.deliveries(selection, before: nil).relativePath),
                    ]
                }),
            "receivers": .list(context.settings.receivers.map(receiver)),
        ]
    }

    private func receiver(_ name: String) -> PageValues {
        let known = state.facts.receivers.first { $0.name == name }
        let backlog = state.outbox.backlogs.first { $0.receiver == name }
        let mark: StateMark =
            if known == nil {
                StateMark(level: .unknown, word: "not used yet")
            } else if state.outbox.disabledReceivers.contains(name) {
                StateMark(level: .critical, word: "gone")
            } else if state.outbox.unreachableReceivers.contains(name) {
                StateMark(level: .critical, word: "unreachable")
            } else if (backlog?.parked ?? 0) > 0 {
                StateMark(level: .critical, word: "refusing")
            } else if known?.isClosed == true {
                StateMark(level: .warning, word: "paused")
            } else {
                StateMark(level: .ok)
            }
        let details = [
            known?.takenAt.map { context.words(DeliveryPhrase.accepted(Distance(from: context.now, to: $0))) },
            known.flatMap { $0.pending > 0 ? context.words(CountPhrase.openDeliveries($0.pending)) : nil },
            backlog?.nextAttempt.map { context.words(DeliveryPhrase.nextAttempt("\($0)")) },
        ]
        return [
            "name": .text(name), "mark": context.mark(mark),
            "receiverDetail": .text(details.compactMap(\.self).joined(separator: " · ")),
        ]
    }
}
