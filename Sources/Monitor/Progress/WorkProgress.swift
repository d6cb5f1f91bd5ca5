import Synchronization

/// Counts the work of a command while it runs, so that another thread can show it.
package final class WorkProgress: Sendable {
    /// What a command is doing.
    package enum Step: String, CaseIterable, Sendable {
        case reading, fetching, verifying, probing, sending
    }

    /// The work of one step at one moment.
    package struct Snapshot: Hashable, Sendable {
        package let step: Step
        /// Differs for two steps of the same kind.
        package let number: Int
        package fileprivate(set) var done = 0
        /// nil while it is unknown how much there is.
        package fileprivate(set) var total: Int?
    }

    private let state = Mutex<Snapshot?>(nil)

    package init() {}

    /// nil before the first step.
    package var snapshot: Snapshot? { state.withLock(\.self) }

    /// Begins a step. Its total is unknown until `expect` is called.
    package func begin(_ step: Step) {
        state.withLock { $0 = Snapshot(step: step, number: ($0?.number ?? 0) + 1) }
    }

    /// Adds to the total of the current step.
    package func expect(_ count: Int) {
        state.withLock { snapshot in
            let known = snapshot?.total ?? 0
            snapshot?.total = known + count
        }
    }

    /// Adds to what the current step has done.
    package func advance(by count: Int = 1) {
        state.withLock { $0?.done += count }
    }
}
