import ExpiryRules
import Testing

/// Every state that the outbox can reach, searched to the end.
struct OutboxModelTests {
    @Test func `no order of events breaks a promise, and what is left is always sent in the end`() {
        let model = OutboxModel(variant: .asBuilt)
        var states: Set = [OutboxModel.State()]
        var waiting = Array(states)
        while let state = waiting.popLast() {
            #expect(model.broken(by: state) == [])
            for next in model.successors(of: state) where states.insert(next).inserted { waiting.append(next) }
        }
        #expect(states.count > 10_000, "the search has to reach what crashes and lost answers lead to")
        #expect(stuck(states, model) == 0)
    }

    /// The states from which calm work alone never leads to a settled one.
    private func stuck(_ states: Set<OutboxModel.State>, _ model: OutboxModel) -> Int {
        var predecessors: [OutboxModel.State: [OutboxModel.State]] = [:]
        for state in states {
            for next in model.successors(of: state, calm: true) { predecessors[next, default: []].append(state) }
        }
        var good = states.filter(model.isSettled)
        var waiting = Array(good)
        while let state = waiting.popLast() {
            for before in predecessors[state] ?? [] where good.insert(before).inserted { waiting.append(before) }
        }
        return states.count { !good.contains($0) }
    }

    @Test(arguments: [
        (OutboxModel.Variant.recordsFirst, "P3: delivered, and never accepted"),
        (.leasesNothing, "P2: a duplicate without an unknown attempt"),
    ])
    func `the search finds what another order of work would break`(variant: OutboxModel.Variant, broken: String) {
        let model = OutboxModel(variant: variant)
        var states: Set = [OutboxModel.State()]
        // In the order of their distance, since the shortest way is the one that people understand.
        var level = Array(states)
        while !level.isEmpty, !level.contains(where: { model.broken(by: $0).contains(broken) }) {
            level = level.flatMap { model.successors(of: $0) }.filter { states.insert($0).inserted }
        }
        #expect(!level.isEmpty)
    }
}
