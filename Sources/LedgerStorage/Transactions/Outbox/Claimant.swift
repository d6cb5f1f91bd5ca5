import Certificates
import ExpiryRules

/// Claims messages for one claimant, inside one transaction.
struct Claimant {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant
    let boot: BootTime
    let terms: ClaimTerms
    let render: @Sendable (MessageContent) throws -> FrozenMessage

    private var queue: ClaimQueue {
        ClaimQueue(session: session, now: now, boot: boot, unprobedEndpoints: terms.unprobedEndpoints)
    }

    private var silences: SilenceKeeper { SilenceKeeper(session: session, plan: plan, now: now) }

    /// Claims up to `limit` due messages for `receiver`, the first due first.
    func claims(for receiver: String, upTo limit: Int) throws -> [Claim] {
        var claims: [Claim] = []
        while claims.count < limit, let claim = try claim(for: receiver) { claims.append(claim) }
        return claims
    }

    private func claim(for receiver: String) throws -> Claim? {
        while true {
            // A candidate that is not claimed may make another delivery due.
            try QuietKeeper(session: session, now: now).apply(terms.quiet, to: receiver)
            guard let candidate = try queue.firstDue(for: receiver) else { return nil }
            if let claim = try take(candidate) { return claim }
        }
    }

    /// - Returns: nil when the delivery turned out not to be needed. Then there may be another one.
    private func take(_ candidate: ClaimQueue.Candidate) throws -> Claim? {
        if candidate.state == .sending {
            try concedeLostAttempt(of: candidate)
            if terms.holdsUnknown { return nil }
        }
        guard candidate.noticeIsOpen else {
            try ResolutionWriter(session: session, now: now).followUp([candidate.deliveryID])
            return nil
        }
        guard try silences.hold(.these([candidate.deliveryID])).isEmpty else { return nil }
        var dissolved: String?
        if let row = candidate.messageRow, let frozen = try session.messages.frozen(row) {
            try silences.hold(.these(queue.parts(ofMessage: row)))
            let parts = try queue.parts(ofMessage: row)
            if parts.count == frozen.partCount {
                return try claim(parts, row, frozen, candidate)
            }
            dissolved = frozen.identifier
            if try frozen.partCount == 1 || !session.deliveries.mayHaveBeenSeen(messageRow: row) { dissolved = nil }
            try session.deliveries.dissolve(messageRow: row)
        }
        var parts = try peers(of: candidate)
        // Deliveries that a silence holds are replaced by others.
        while try !silences.hold(.these(parts)).isEmpty { parts = try peers(of: candidate) }
        var notices = try facts(of: parts, for: candidate.receiver)
        // If the dissolved digest may have arrived, this message closes its incident.
        if let dissolved { notices[0].digests.over.append(dissolved) }
        let content = MessageContent(notices: notices)
        let message = try render(content)
        let row = try session.messages.insert(message, partCount: parts.count)
        return try hold(parts, row, message, of: content, candidate)
    }

    /// Claims a frozen message whose notices are all still to be sent. It keeps the bytes of its first attempt.
    private func claim(
        _ parts: [Int64], _ row: Int64, _ frozen: MessageTable.Frozen, _ candidate: ClaimQueue.Candidate
    ) throws -> Claim {
        let content = MessageContent(
            notices: try facts(of: parts, for: candidate.receiver), isMinimal: frozen.isMinimal)
        if let body = frozen.body {
            let message = FrozenMessage(
                identifier: frozen.identifier, isMinimal: frozen.isMinimal, body: body, repeatBody: frozen.repeatBody)
            return try hold(parts, row, message, of: content, candidate)
        }
        let message = try render(content)
        try session.messages.freeze(message, as: row)
        return try hold(parts, row, message, of: content, candidate)
    }

    private func hold(
        _ parts: [Int64], _ row: Int64, _ message: FrozenMessage, of content: MessageContent,
        _ candidate: ClaimQueue.Candidate
    ) throws -> Claim {
        let lease = DeliveryTable.Lease(
            token: (0..<16).map { _ in UInt8.random(in: .min ... .max) },
            heldUntil: BootTime(bootID: boot.bootID, seconds: boot.seconds + terms.lease.seconds), messageRow: row)
        let leased = try session.deliveries.hold(parts, under: lease)
        try session.attempts.begin(parts, at: now)
        return Claim(
            parts: leased.map { Claim.Part(deliveryID: $0.deliveryID, attempt: $0.attempt) }, messageRow: row,
            receiver: candidate.receiver, token: lease.token, heldUntil: lease.heldUntil,
            mayBeDuplicate: leased.contains(where: \.mayHaveBeenSeen), gateClosings: candidate.gateClosings,
            identities: content.notices.map(\.identity), message: message)
    }

    /// The deliveries that share a message with `candidate`: only itself, unless the receiver takes several notices in
    /// one message.
    private func peers(of candidate: ClaimQueue.Candidate) throws -> [Int64] {
        guard let batching = terms.batching, !candidate.goesAlone,
            !(batching.sparesResolutions && candidate.kind.isResolution)
        else { return [candidate.deliveryID] }
        let due = try queue.peers(of: candidate, by: batching)
        return due.count > batching.threshold && due.contains(candidate.deliveryID) ? due : [candidate.deliveryID]
    }

    private func facts(of parts: [Int64], for receiver: String) throws -> [NoticeFacts] {
        let reader = NoticeReader(session: session)
        return try queue.notices(of: parts).map { try reader.facts(of: $0, for: receiver, at: now) }
    }

    /// Records an expired lease: the sender crashed or hangs, and the receiver may have the message.
    private func concedeLostAttempt(of candidate: ClaimQueue.Candidate) throws {
        let detail = "the sender ended before it could record the answer"
        try session.attempts.concedeLost(messageRow: candidate.messageRow, because: detail)
        try session.deliveries.concedeLost(
            messageRow: candidate.messageRow,
            holdingBecause: terms.holdsUnknown ? Settlement.heldDetail(detail) : nil)
    }
}
