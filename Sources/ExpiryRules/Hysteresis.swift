/// What matters about an endpoint to those who are told of it. Raw values stand in the ledger.
package enum EndpointState: String, Hashable, Sendable, CaseIterable {
    case well
    /// It does not do what it should for the right client.
    case failing
    /// It lets others in as well.
    case unprotected
}

/// How many rounds in a row it takes to believe a change of an endpoint's state.
package struct Hysteresis: Hashable, Sendable {
    package var failuresBeforeAlert: Int
    package var successesBeforeResolve: Int

    package init(failuresBeforeAlert: Int = 3, successesBeforeResolve: Int = 2) {
        self.failuresBeforeAlert = failuresBeforeAlert
        self.successesBeforeResolve = successesBeforeResolve
    }

    /// Where an endpoint stands between two rounds.
    package struct Standing: Hashable, Sendable {
        /// What is believed.
        package var state: EndpointState
        /// What the last rounds saw instead; the same as `state` when they saw that.
        package var candidate: EndpointState
        /// How many rounds in a row.
        package var contradictions: Int

        package init(_ state: EndpointState, candidate: EndpointState? = nil, contradictions: Int = 0) {
            self.state = state
            self.candidate = candidate ?? state
            self.contradictions = contradictions
        }
    }

    /// What a round that saw `state` makes of `standing`. Where all was well, troubles of any kind add up.
    package func standing(after standing: Standing, seeing state: EndpointState) -> Standing {
        guard state != standing.state else { return Standing(state) }
        let goesOn = standing.candidate == state || (standing.state == .well && standing.candidate != .well)
        let count = goesOn ? standing.contradictions + 1 : 1
        let needed = state == .well ? successesBeforeResolve : failuresBeforeAlert
        return count >= needed
            ? Standing(state) : Standing(standing.state, candidate: state, contradictions: count)
    }
}
