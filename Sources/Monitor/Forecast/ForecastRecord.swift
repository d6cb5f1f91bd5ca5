import Certificates
import ExpiryRules
import LedgerStorage

/// What is seen while time goes by on a copy of the ledger.
struct ForecastRecord {
    /// What was decided, and when.
    private(set) var decisions: [(noticeID: Int64, at: Instant)] = []
    private let plan: WatchPlan
    /// What waited at the beginning, by the delivery's id.
    private let waiting: [Int64: DeliveryState]
    private var notices: [ForecastNotice] = []
    private var places: [Key: Int] = [:]

    private struct Key: Hashable {
        let identity: NoticeIdentity
        let at: Instant
        let waiting: DeliveryState?
    }

    init(plan: WatchPlan, waiting: [DeliveryRecord]) {
        self.plan = plan
        self.waiting = Dictionary(waiting.map { ($0.id, $0.state) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func decided(_ noticeIDs: [Int64], at now: Instant) {
        decisions += noticeIDs.map { ($0, now) }
    }

    private func key(_ claim: Claim, at now: Instant) -> Key {
        Key(identity: claim.identity, at: now, waiting: waiting[claim.deliveryID])
    }

    /// Whether somebody else is told the same at the same time.
    func knows(_ claim: Claim, at now: Instant) -> Bool { places[key(claim, at: now)] != nil }

    mutating func add(_ facts: NoticeFacts, of claim: Claim, at now: Instant) {
        places[key(claim, at: now)] = notices.count
        add(facts, at: now, waiting: waiting[claim.deliveryID])
    }

    mutating func addUnaddressed(_ facts: NoticeFacts, at now: Instant) {
        add(facts, at: now, waiting: nil)
    }

    private mutating func add(_ facts: NoticeFacts, at now: Instant, waiting: DeliveryState?) {
        notices.append(
            ForecastNotice(
                at: now, facts: facts, registration: plan.registration(named: facts.registration), receivers: [],
                waiting: waiting))
    }

    mutating func take(_ claim: Claim, at now: Instant) {
        guard let place = places[key(claim, at: now)] else { return }
        notices[place].receivers.append(claim.receiver)
    }

    /// Soonest first; what comes at the same time, by registration and certificate.
    func noticesInOrder(of receivers: [String]) -> [ForecastNotice] {
        notices.map { notice in
            var notice = notice
            notice.receivers = receivers.filter(notice.receivers.contains)
            return notice
        }.sorted { left, right in
            (left.at, left.facts.registration, left.facts.identity.subject, left.facts.identity.stage)
                < (right.at, right.facts.registration, right.facts.identity.subject, right.facts.identity.stage)
        }
    }
}
