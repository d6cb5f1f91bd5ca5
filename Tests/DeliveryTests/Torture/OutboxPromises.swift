import Certificates
import Delivery
import ExpiryRules
import LedgerStorage
import Messages
import TestSupport

/// The final state of one delivery in the ledger.
struct RecordedDelivery {
    let identity: NoticeIdentity
    let state: DeliveryState
    let reason: String?
    let unknownAttempts: Int
    let openAttempts: Int

    /// The deliveries of one certificate.
    static func all(of certificate: Certificate, in engine: any LedgerEngine) async throws -> [RecordedDelivery] {
        try await engine.read { session in
            try session.query(
                """
                SELECT n.subject, n.kind, n.stage, n.episode, d.state, d.reason,
                    (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id AND a.outcome = 'unknown'),
                    (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id AND a.outcome IS NULL)
                FROM notices n JOIN deliveries d ON d.notice_id = n.id WHERE n.fingerprint = $1 ORDER BY n.id
                """, [.blob(certificate.fingerprint.bytes)]
            ) { row in
                RecordedDelivery(
                    identity: NoticeIdentity(
                        subject: row.text(0).flatMap(NoticeSubject.init(text:)) ?? .summary,
                        kind: row.text(1).flatMap(NoticeKind.init(rawValue:)) ?? .finding,
                        stage: row.integer(2) ?? -1, episode: row.integer(3) ?? 0),
                    state: row.text(4).flatMap(DeliveryState.init(rawValue:)) ?? .pending, reason: row.text(5),
                    unknownAttempts: Int(row.integer(6) ?? 0), openAttempts: Int(row.integer(7) ?? 0))
            }
        }
    }
}

/// The promises P1 to P4 of docs/promises.md, checked with the receiver's messages and the ledger.
struct OutboxPromises {
    let world: OutboxWorld
    let lineage: OutboxWorld.Lineage
    /// The deliveries of the lineage's first certificate.
    let deliveries: [RecordedDelivery]
    let orderIsPromised: Bool

    /// - Throws: `OutboxViolation`.
    func check() throws {
        let accepted = world.accepted
        let kinds = try Dictionary(
            deliveries.map { (try MessageIdentifier(of: $0.identity, to: "ops").description, $0.identity) },
            uniquingKeysWith: { first, _ in first })
        let heard = accepted.flatMap(\.notices).compactMap { kinds[$0] }
        guard accepted.allSatisfy({ !$0.notices.isEmpty }) else { throw OutboxViolation("a message of nothing") }
        let bodies = Dictionary(grouping: accepted, by: \.id).mapValues { Set($0.map(\.body)).count }
        guard bodies.values.allSatisfy({ $0 == 1 }) else { throw OutboxViolation("one id, two messages") }
        for delivery in deliveries {
            let id = try MessageIdentifier(of: delivery.identity, to: "ops").description
            try check(delivery, copies: accepted.filter { $0.notices.contains(id) })
        }
        try checkLastWord(of: heard)
    }

    private func check(_ delivery: RecordedDelivery, copies: [OutboxWorld.Message]) throws {
        let name = "\(delivery.identity.kind) \(delivery.identity.stage)"
        // P1
        guard !delivery.state.isOpen else { throw OutboxViolation("\(name) is open for ever: \(delivery.state)") }
        guard delivery.state == .delivered || delivery.reason != nil else {
            throw OutboxViolation("\(name) is \(delivery.state) for no reason")
        }
        guard delivery.state != .expired else { throw OutboxViolation("\(name) expired with a receiver that works") }
        guard delivery.openAttempts == 0 else { throw OutboxViolation("\(name): an attempt without an end") }
        // P2
        guard copies.count <= 1 + delivery.unknownAttempts else {
            throw OutboxViolation("\(name): \(copies.count) copies, \(delivery.unknownAttempts) unknown attempts")
        }
        guard copies.dropFirst().allSatisfy(\.mayBeRepeat) || !orderIsPromised else {
            throw OutboxViolation("\(name): a repeat that does not say so")
        }
        // P3
        guard delivery.state != .delivered || !copies.isEmpty else {
            throw OutboxViolation("\(name) is delivered and nobody has it")
        }
    }

    private func checkLastWord(of heard: [NoticeIdentity]) throws {
        let firing = heard.filter { !$0.kind.isResolution }
        guard lineage.isRenewed else {
            // P1: the stage that the certificate is in now was received, and no end of it.
            let expected = StageLadder(thresholds: Registration.defaultThresholds, validity: lineage.first.validity)
                .stage(expiry: lineage.first.validity.expiry, at: world.time.now)
            guard firing.contains(where: { $0.stage == expected?.secondsBefore }), heard.count == firing.count else {
                throw OutboxViolation("\(expected?.description ?? "-") was not heard, but \(heard.map(\.stage))")
            }
            return
        }
        guard !firing.isEmpty else { return }
        // P4
        guard let end = heard.firstIndex(where: \.kind.isResolution) else {
            throw OutboxViolation("the end was not heard")
        }
        guard !orderIsPromised || heard[end...].allSatisfy(\.kind.isResolution) else {
            throw OutboxViolation("firing after the end")
        }
    }
}
