import Certificates
import ExpiryRules
import LedgerStorage

/// Collects the notices of a forecast while time advances on a copy of the ledger.
struct ForecastRecord {
    /// Groups the receivers of a notice that get it at the same time and whose deliveries had the same state.
    struct Key: Hashable {
        let identity: NoticeIdentity
        let at: Instant
        fileprivate let waiting: DeliveryState?
    }

    private struct Delivery: Hashable {
        let identity: NoticeIdentity
        let receiver: String
    }

    /// The notices that were decided, each with the time of the decision.
    private(set) var decisions: [(noticeID: Int64, at: Instant)] = []
    private let plan: WatchPlan
    /// The states of the deliveries that were open at the start.
    private let waiting: [Delivery: DeliveryState]
    private var notices: [ForecastNotice] = []
    private var places: [Key: Int] = [:]

    init(plan: WatchPlan, waiting: [DeliveryRecord]) {
        self.plan = plan
        let states = waiting.map { (Delivery(identity: $0.identity, receiver: $0.receiver), $0.state) }
        self.waiting = Dictionary(states, uniquingKeysWith: { first, _ in first })
    }

    mutating func decided(_ noticeIDs: [Int64], at now: Instant) {
        decisions += noticeIDs.map { ($0, now) }
    }

    func key(_ identity: NoticeIdentity, to receiver: String, at now: Instant) -> Key {
        Key(identity: identity, at: now, waiting: waiting[Delivery(identity: identity, receiver: receiver)])
    }

    /// Whether a notice with this key was added already, for another receiver.
    func knows(_ key: Key) -> Bool { places[key] != nil }

    mutating func add(_ facts: NoticeFacts, as key: Key) {
        places[key] = notices.count
        add(facts, at: key.at, waiting: key.waiting)
    }

    mutating func addUnaddressed(_ facts: NoticeFacts, at now: Instant) {
        add(facts, at: now, waiting: nil)
    }

    private mutating func add(_ facts: NoticeFacts, at now: Instant, waiting: DeliveryState?) {
        notices.append(
            ForecastNotice(
                at: now, facts: facts, registration: plan.registration(named: facts.registration), audience: [],
                waiting: waiting))
    }

    mutating func add(_ receiver: ForecastNotice.Receiver, to key: Key) {
        guard let place = places[key] else { return }
        notices[place].audience.append(receiver)
    }

    /// By time, then by registration, subject and stage. Each notice has its receivers in the configuration's order,
    /// since they are asked in that order.
    var noticesInOrder: [ForecastNotice] {
        notices.sorted { left, right in
            (left.at, left.facts.registration, left.facts.identity.subject.text, left.facts.identity.stage)
                < (right.at, right.facts.registration, right.facts.identity.subject.text, right.facts.identity.stage)
        }
    }
}
