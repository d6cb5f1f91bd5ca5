import Certificates
import ExpiryRules
import LedgerStorage

/// The decisions about a subject, the newest first, each with its deliveries.
struct Story {
    let decisions: [DecisionRecord]
    let deliveries: [DeliveryRecord]
    let context: PageContext

    var values: PageValues {
        ["decisions": .list(decisions.reversed().map(values))]
    }

    private func values(of decision: DecisionRecord) -> PageValues {
        let words = context.words
        let stage = decision.kind == .expiring ? decision.stage.map { " \($0)" } ?? "" : ""
        let reminder = decision.repetition > 0 ? " (\(words.word("reminder")) \(decision.repetition))" : ""
        let ended = decision.endedBecause.map { " (\(context.word($0.rawValue)))" } ?? ""
        let isPlain = decision.kind.isResolution && decision.state == .open
        let mine = deliveries.filter {
            $0.identity.kind == decision.kind && $0.stage == decision.stage && $0.identity.episode == decision.episode
                && $0.identity.repetition == decision.repetition
        }
        return [
            "decided": context.time(decision.decidedAt),
            "decision": .text(context.word(decision.kind.rawValue) + stage + reminder),
            "decisionState": .text(isPlain ? "" : context.word(decision.state.rawValue) + ended),
            "decisionMessage": .text(optional: decision.text(in: words.language)),
            "deliveries": .list(mine.map { DeliveryFacts(delivery: $0, context: context).values }),
        ]
    }
}

/// One delivery, as lists show it.
struct DeliveryFacts {
    let delivery: DeliveryRecord
    let context: PageContext

    var values: PageValues {
        let stage = delivery.identity.kind == .expiring ? delivery.stage.map { " \($0)" } ?? "" : ""
        let code = delivery.identity.subject.findingCode?.rawValue
        let address = delivery.fingerprint.map { PageAddress.certificate($0).relativePath } ?? ""
        return [
            "id": .number(delivery.id), "mark": context.mark(StateMark(delivery.state)),
            "deliveryMark": context.mark(StateMark(delivery.state)), "receiver": .text(delivery.receiver),
            "notice": .text(context.word(delivery.identity.kind.rawValue) + stage + (code.map { " \($0)" } ?? "")),
            "about": .text("\(delivery.registration): \(delivery.about(in: context.words.language))"),
            "address": .text(address),
            "decided": context.time(delivery.decidedAt), "deliveryDetail": .text(detail),
            "attempts": .texts(delivery.attempts.suffix(5).map(line)),
        ]
    }

    /// The end of it or what happens next, with the reason.
    private var detail: String {
        [delivery.settledAt.map { "\($0)" }, delivery.reason.map { context.words.word($0) }, prospect].compactMap(
            \.self
        ).joined(separator: " · ")
    }

    private var prospect: String? {
        let words = context.words
        if let hold = delivery.hold {
            return words(DeliveryPhrase.silenced(until: "\(hold.until)", by: hold.author))
        }
        if let quietUntil = delivery.quietUntil, delivery.state.isOpen, delivery.nextAttempt == quietUntil {
            return words(DeliveryPhrase.quiet(until: "\(quietUntil)"))
        }
        return switch delivery.state {
        case .sending: words(DeliveryPhrase.onItsWay)
        case _ where delivery.waitsForWord: words(DeliveryPhrase.waitsForWord)
        case .pending, .retry, .unknown, .parked:
            words(delivery.nextAttempt.map { DeliveryPhrase.nextAttempt("\($0)") } ?? .receiverGone)
        case .delivered, .superseded, .cancelled, .expired: nil
        }
    }

    private func line(for attempt: AttemptRecord) -> String {
        let outcome = context.word(attempt.outcome?.rawValue ?? "sending")
        let parts = [
            "\(attempt.number). \(attempt.startedAt)", outcome, attempt.detail,
            attempt.milliseconds.map { "\($0) ms" },
        ]
        return parts.compactMap(\.self).joined(separator: " · ")
    }
}
