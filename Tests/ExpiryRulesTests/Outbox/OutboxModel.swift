import ExpiryRules

/// A model of the outbox: one certificate, one receiver, two senders. `DeliveryProgress` makes each change of a delivery;
/// the model adds what happens around it, in every order: time, renewal, passes, answers, lost answers, crashes.
///
/// The three notices are those of the first stage, of the second stage, and the resolution.
struct OutboxModel {
    /// How the senders work.
    enum Variant {
        /// Lease, send, record.
        case asBuilt
        /// Delivered is recorded with the lease, before anything is sent.
        case recordsFirst
        /// Nothing is leased.
        case leasesNothing
    }

    struct Sender: Hashable {
        enum Step: Hashable {
            case idle, leased, answered, unanswered, refused
        }

        var step = Step.idle
        var notice = 0
    }

    struct State: Hashable {
        var stage = 0
        var isRenewed = false
        var observedStage = 0
        var isRenewalObserved = false
        /// nil where no notice was decided.
        var deliveries: [DeliveryProgress?] = [nil, nil, nil]
        /// The sender that has the lease.
        var holders: [Int?] = [nil, nil, nil]
        var senders = [Sender(), Sender()]
        /// How often the receiver accepted each notice, and how many attempts are recorded as unknown.
        var accepted = [0, 0, 0]
        var unknown = [0, 0, 0]
        var lastAccepted: Int?
        var crashesLeft = 1
        var lossesLeft = 1

        func isUnderWay(_ sender: Int) -> Bool {
            let notice = senders[sender].notice
            return senders[sender].step != .idle && deliveries[notice]?.state == .sending && holders[notice] == sender
        }
    }

    static let resolution = 2
    let variant: Variant

    /// The states that can follow. A calm model leaves out what time, people and failures do.
    func successors(of state: State, calm: Bool = false) -> [State] {
        var next: [State] = []
        if !calm {
            if state.stage < 2, !state.isRenewed { next.append(change(state) { $0.stage += 1 }) }
            if state.stage >= 1, !state.isRenewed { next.append(change(state) { $0.isRenewed = true }) }
        }
        let isNews =
            state.isRenewalObserved != state.isRenewed || (!state.isRenewed && state.observedStage != state.stage)
        if isNews { next.append(pass(state)) }
        for sender in 0...1 {
            switch state.senders[sender].step {
            case .idle: next += leases(state, by: sender)
            case .leased: next += attempts(state, by: sender, calm: calm)
            case .answered, .unanswered, .refused: next.append(record(state, by: sender))
            }
            if state.senders[sender].step != .idle, state.crashesLeft > 0, !calm {
                next.append(
                    change(state) {
                        $0.senders[sender] = Sender()
                        $0.crashesLeft -= 1
                    })
            }
        }
        return next
    }

    /// Whether nothing is left to do, and the receiver has heard last what is true.
    func isSettled(_ state: State) -> Bool {
        guard state.isRenewalObserved == state.isRenewed, state.isRenewed || state.observedStage == state.stage,
            state.senders.allSatisfy({ $0.step == .idle }),
            !state.deliveries.contains(where: { $0?.state.isOpen == true })
        else { return false }
        guard state.isRenewalObserved else {
            return state.observedStage == 0 || state.deliveries[state.observedStage - 1]?.state == .delivered
        }
        let hasHeard = state.accepted[0] + state.accepted[1] > 0
        return !hasHeard
            || (state.deliveries[Self.resolution]?.state == .delivered && state.lastAccepted == Self.resolution)
    }

    /// The promises that a state breaks: P2, P3, P4 of docs/promises.md.
    func broken(by state: State) -> [String] {
        var broken: [String] = []
        for notice in 0...2 {
            let underWay = (0...1).count { state.senders[$0].step != .idle && state.senders[$0].notice == notice }
            let isLost =
                state.deliveries[notice]?.state == .sending
                && !(state.holders[notice].map { state.isUnderWay($0) } ?? false)
            if state.accepted[notice] > 1 + state.unknown[notice] + underWay + (isLost ? 1 : 0) {
                broken.append("P2: a duplicate without an unknown attempt")
            }
            if state.deliveries[notice]?.state == .delivered, state.accepted[notice] == 0 {
                broken.append("P3: delivered, and never accepted")
            }
        }
        if state.accepted[Self.resolution] > 0, let last = state.lastAccepted, last != Self.resolution {
            broken.append("P4: a notice after its resolution")
        }
        return broken
    }

    private func change(_ state: State, _ body: (inout State) -> Void) -> State {
        var state = state
        body(&state)
        return state
    }

    private func pass(_ state: State) -> State {
        settled(
            change(state) {
                if !$0.isRenewed { $0.observedStage = $0.stage }
                $0.isRenewalObserved = $0.isRenewed
            })
    }

    /// What each transaction decides from what is recorded.
    private func settled(_ state: State) -> State {
        var state = state
        func apply(_ event: DeliveryEvent, to notice: Int) {
            if let next = state.deliveries[notice]?.after(event) { state.deliveries[notice] = next }
        }
        if state.observedStage >= 2 { apply(.superseded, to: 0) }
        for notice in 0...1 where state.deliveries[notice] == nil && !state.isRenewalObserved {
            if state.observedStage == notice + 1 { state.deliveries[notice] = DeliveryProgress() }
        }
        guard state.isRenewalObserved else { return state }
        for notice in 0...1 { apply(.cancelled, to: notice) }
        let stages = state.deliveries[0...1].compactMap(\.self)
        let mayHaveHeard = stages.contains { $0.state == .delivered || $0.mayHaveBeenSeen }
        if mayHaveHeard, !stages.contains(where: { $0.state == .sending }), state.deliveries[Self.resolution] == nil {
            state.deliveries[Self.resolution] = DeliveryProgress()
        }
        return state
    }

    private func leases(_ state: State, by sender: Int) -> [State] {
        (0...2).compactMap { notice in
            var state = state
            guard var delivery = state.deliveries[notice] else { return nil }
            if delivery.state == .sending {
                // The lease of a sender that lives lasts longer than its attempt.
                if let holder = state.holders[notice], state.isUnderWay(holder) { return nil }
                guard let lost = delivery.after(.leaseExpired) else { return nil }
                state.deliveries[notice] = lost
                state.unknown[notice] += 1
                state = settled(state)
                guard let current = state.deliveries[notice], current.state.isClaimable else { return state }
                delivery = current
            }
            guard let leased = delivery.after(.leased) else { return nil }
            state.senders[sender] = Sender(step: .leased, notice: notice)
            switch variant {
            case .asBuilt: (state.deliveries[notice], state.holders[notice]) = (leased, sender)
            case .recordsFirst: state.deliveries[notice] = leased.after(.accepted)
            case .leasesNothing: break
            }
            return state
        }
    }

    private func attempts(_ state: State, by sender: Int, calm: Bool) -> [State] {
        let notice = state.senders[sender].notice
        func accepted(_ step: Sender.Step) -> State {
            change(state) {
                $0.accepted[notice] += 1
                $0.lastAccepted = notice
                $0.senders[sender].step = step
            }
        }
        guard !calm, state.lossesLeft > 0 else { return [accepted(.answered)] }
        func losing(_ state: State) -> State { change(state) { $0.lossesLeft -= 1 } }
        return [
            accepted(.answered), losing(accepted(.unanswered)),
            losing(change(state) { $0.senders[sender].step = .unanswered }),
            losing(change(state) { $0.senders[sender].step = .refused }),
        ]
    }

    private func record(_ state: State, by sender: Int) -> State {
        let (step, notice) = (state.senders[sender].step, state.senders[sender].notice)
        var state = state
        let isHeld = state.isUnderWay(sender) || variant == .leasesNothing
        state.senders[sender] = Sender()
        let event: DeliveryEvent = step == .answered ? .accepted : step == .unanswered ? .unanswered : .failed
        // Nothing is leased in one variant, and so its deliveries are never being sent.
        let from = variant == .leasesNothing ? state.deliveries[notice]?.after(.leased) : state.deliveries[notice]
        if isHeld || event == .accepted, let next = from?.after(event) {
            state.deliveries[notice] = next
            if event == .unanswered { state.unknown[notice] += 1 }
        }
        return settled(state)
    }
}
