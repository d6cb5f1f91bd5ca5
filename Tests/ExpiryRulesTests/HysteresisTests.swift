import ExpiryRules
import Testing

@Suite struct `Hysteresis of an endpoint` {
    private func states(
        _ rounds: [EndpointState], failures: Int = 3, successes: Int = 2, from first: EndpointState = .well
    ) -> [EndpointState] {
        let rule = Hysteresis(failuresBeforeAlert: failures, successesBeforeResolve: successes)
        var standing = Hysteresis.Standing(first)
        return rounds.map { round in
            standing = rule.standing(after: standing, seeing: round)
            return standing.state
        }
    }

    @Test func `three failures in a row are told, two alone are not`() {
        #expect(states([.failing, .failing, .failing]) == [.well, .well, .failing])
        #expect(states([.failing, .failing, .well, .failing, .failing, .well]) == .init(repeating: .well, count: 6))
    }

    @Test func `two successes in a row resolve, one alone does not`() {
        #expect(states([.well, .failing, .well, .well], from: .failing) == [.failing, .failing, .failing, .well])
    }

    @Test func `troubles of two kinds add up to one alert`() {
        #expect(states([.failing, .unprotected, .failing]) == [.well, .well, .failing])
    }

    @Test func `an outage that gives way to an open door is told anew only when that holds`() {
        #expect(
            states([.unprotected, .failing, .unprotected, .unprotected, .unprotected], from: .failing)
                == [.failing, .failing, .failing, .failing, .unprotected])
    }

    @Test func `a single success among other contradictions does not resolve`() {
        #expect(states([.unprotected, .well, .unprotected], from: .failing) == [.failing, .failing, .failing])
    }

    @Test func `with one round each, every round decides`() {
        #expect(states([.failing, .well, .unprotected], failures: 1, successes: 1) == [.failing, .well, .unprotected])
    }
}
