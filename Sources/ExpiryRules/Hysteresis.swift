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
        /// Whether its trouble was told and has not ended.
        package var isAlerting: Bool
        /// How many rounds in a row, up to the last one, contradicted `isAlerting`.
        package var contradictions: Int

        package init(isAlerting: Bool = false, contradictions: Int = 0) {
            self.isAlerting = isAlerting
            self.contradictions = contradictions
        }
    }

    /// What a round of this kind makes of `standing`. One round that agrees with it starts the counting anew.
    package func standing(after standing: Standing, isGood: Bool) -> Standing {
        guard isGood == standing.isAlerting else { return Standing(isAlerting: standing.isAlerting) }
        let needed = standing.isAlerting ? successesBeforeResolve : failuresBeforeAlert
        let count = standing.contradictions + 1
        return count >= needed
            ? Standing(isAlerting: !standing.isAlerting)
            : Standing(isAlerting: standing.isAlerting, contradictions: count)
    }
}
