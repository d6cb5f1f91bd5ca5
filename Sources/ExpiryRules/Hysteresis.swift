/// The state of an endpoint in notices. The ledger stores the raw values.
package enum EndpointState: String, Hashable, Sendable, CaseIterable {
    case well
    /// The endpoint does not work as expected for the right client.
    case failing
    /// The endpoint also admits clients that it should refuse.
    case unprotected
}

/// How many consecutive rounds confirm a change of an endpoint's state.
package struct Hysteresis: Hashable, Sendable {
    package var failuresBeforeAlert: Int
    package var successesBeforeResolve: Int

    package init(failuresBeforeAlert: Int = 3, successesBeforeResolve: Int = 2) {
        self.failuresBeforeAlert = failuresBeforeAlert
        self.successesBeforeResolve = successesBeforeResolve
    }

    /// The state of an endpoint between two rounds.
    package struct Standing: Hashable, Sendable {
        /// The confirmed state.
        package var state: EndpointState
        /// The state that the last rounds saw, which equals `state` if they confirm it.
        package var candidate: EndpointState
        /// The number of consecutive rounds that saw `candidate` instead of `state`.
        package var contradictions: Int

        package init(_ state: EndpointState, candidate: EndpointState? = nil, contradictions: Int = 0) {
            self.state = state
            self.candidate = candidate ?? state
            self.contradictions = contradictions
        }
    }

    /// The standing after a round that saw `state`. For an endpoint that is well, bad rounds of any kind add up.
    package func standing(after standing: Standing, seeing state: EndpointState) -> Standing {
        guard state != standing.state else { return Standing(state) }
        let goesOn = standing.candidate == state || (standing.state == .well && standing.candidate != .well)
        let count = goesOn ? standing.contradictions + 1 : 1
        let needed = state == .well ? successesBeforeResolve : failuresBeforeAlert
        return count >= needed
            ? Standing(state) : Standing(standing.state, candidate: state, contradictions: count)
    }
}
