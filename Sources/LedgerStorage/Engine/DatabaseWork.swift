import Synchronization

/// Counts the work of a database. The counts are the same on every machine. Tests compare them at two sizes to see how
/// the work grows; measured times would depend on the load of the machine.
package final class DatabaseWork: Sendable {
    /// The counts so far.
    package struct Counts: Sendable {
        /// Steps of SQLite's virtual machine.
        package fileprivate(set) var steps = 0
        /// Executed statements.
        package fileprivate(set) var executions = 0
        /// Distinct statement texts. Each is prepared once and cached permanently.
        package fileprivate(set) var texts: Set<String> = []
        /// Transactions that could write.
        package fileprivate(set) var commits = 0

        /// The work since `earlier`. `texts` still has all texts.
        package func since(_ earlier: Counts) -> Counts {
            var counts = self
            counts.steps -= earlier.steps
            counts.executions -= earlier.executions
            counts.commits -= earlier.commits
            return counts
        }
    }

    private let state = Mutex(Counts())

    package init() {}

    /// The counts so far.
    package var counts: Counts { state.withLock { $0 } }

    func didExecute(_ text: String, steps: Int) {
        state.withLock {
            $0.steps += steps
            $0.executions += 1
            $0.texts.insert(text)
        }
    }

    func didCommit() {
        state.withLock { $0.commits += 1 }
    }
}
