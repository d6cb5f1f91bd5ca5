import Certificates
import ExpiryRules
import LedgerStorage

/// The text of an overview, with one section for each subject. What needs attention comes last.
struct OverviewText {
    private let overview: Overview
    private var now: Instant { overview.now }

    init(_ overview: Overview) {
        self.overview = overview
    }

    func lines(on terminal: Terminal) -> [String] {
        ["last pass"] + passes(on: terminal) + section("endpoints", endpoints(on: terminal))
            + section("receivers", receivers(on: terminal)) + section("outbox", outbox)
            + section("next alerts", next(on: terminal))
            + section("needs you now", overview.listing.troubles(on: terminal))
    }

    /// Empty when there are no lines.
    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [title] + lines
    }

    private func passes(on terminal: Terminal) -> [String] {
        guard let pass = overview.lastPass else {
            return ["  none has finished yet: `notafter scan` makes one, `notafter run` makes them all the time"]
        }
        let span = ElapsedTime(pass.finishedAt - pass.startedAt)
        var lines = ["  \(pass.startedAt), \(ago(pass.startedAt)), took \(span)"]
        if overview.isBehind {
            let last = overview.lastGoodPass.map { "the last one without trouble was \(ago($0))" }
            let word = terminal.coloured("behind", isGood: false)
            lines.append(
                "  \(word)  \(last ?? "none was without trouble yet"): `notafter scan` says what is the matter")
        }
        return lines
    }

    private func endpoints(on terminal: Terminal) -> [String] {
        var table = TextTable()
        for endpoint in overview.endpoints {
            let verdict = endpoint.verdict.replacing("_", with: " ")
            table.append([
                .init(verdict, paint: { terminal.coloured($0, isGood: endpoint.isGood) }), .start(of: endpoint.name),
                .start(of: endpoint.url), .init(endpoint.milliseconds.map { "\($0) ms" } ?? ""),
                .init(ago(endpoint.probedAt)),
            ])
        }
        for name in overview.unprobedEndpoints {
            table.append([.init("not probed yet"), .start(of: name)])
        }
        return table.lines(on: terminal, indentedBy: 2)
    }

    private func receivers(on terminal: Terminal) -> [String] {
        var table = TextTable()
        for receiver in overview.receivers {
            let isGood = receiver.state == .ok || receiver.state == .unknown
            table.append([
                .init(receiver.state.words, paint: { terminal.coloured($0, isGood: isGood) }),
                .start(of: receiver.name),
                .init(words(of: receiver), fit: .wrapped),
            ])
        }
        return table.lines(on: terminal, indentedBy: 2)
    }

    private func words(of receiver: Overview.Receiver) -> String {
        let open = receiver.open == 0 ? nil : counted(receiver.open, "delivery", plural: "deliveries") + " open"
        return [
            open.map { text in receiver.oldest.map { "\(text), the oldest decided \(ago($0))" } ?? text },
            receiver.nextAttempt.map { "next attempt \($0 > now ? "in \(ElapsedTime($0 - now))" : "now")" },
            receiver.takenAt.map { "took its last message \(ago($0))" },
            receiver.state.remedy(receiver.name),
        ].compactMap(\.self).joined(separator: "; ")
    }

    private var outbox: [String] {
        let outbox = overview.outbox
        let counts = [
            outbox.open == 0 ? nil : "\(outbox.open) open",
            outbox.held == 0 ? nil : "\(outbox.held) silenced or in quiet hours",
            outbox.parked == 0 ? nil : "\(outbox.parked) held for manual retry",
            outbox.expired == 0 ? nil : "\(outbox.expired) expired undelivered in the last pass",
        ].compactMap(\.self)
        return counts.isEmpty ? [] : ["  \(counts.joined(separator: ", ")); `notafter deliveries` lists them"]
    }

    private func next(on terminal: Terminal) -> [String] {
        var table = TextTable()
        for decision in overview.next {
            let time = ElapsedTime(decision.dueAt - now)
            table.append([.init("\(decision.dueAt)"), .init("in \(time)"), .name(decision.name)])
        }
        return table.lines(on: terminal, indentedBy: 2)
    }

    private func ago(_ instant: Instant) -> String {
        instant > now ? "in \(ElapsedTime(instant - now))" : "\(ElapsedTime(now - instant)) ago"
    }
}

extension Overview.Receiver.State {
    fileprivate var words: String {
        switch self {
        case .ok: "ok"
        case .paused: "paused"
        case .refusing: "refusing"
        case .unreachable: "unreachable"
        case .gone: "gone"
        case .unknown: "not used yet"
        }
    }

    /// The next step. nil when there is nothing to do.
    fileprivate func remedy(_ receiver: String) -> String? {
        switch self {
        case .ok, .paused, .unknown: nil
        case .refusing: "`notafter deliveries list --state parked` says why"
        case .unreachable: "try `notafter test-notify \(receiver)`"
        case .gone: "it answered 410 Gone: change its url"
        }
    }
}
