import Synchronization

/// What a database was asked to do, in counts that are the same on every machine. Tests compare them at two sizes to see how the
/// work grows; times would depend on what else runs.
package final class DatabaseWork: Sendable {
    /// The counts so far.
    package struct Counts: Sendable {
        /// Steps of SQLite's virtual machine.
        package fileprivate(set) var steps = 0
        /// Statements that were run.
        package fileprivate(set) var executions = 0
        /// Different statement texts, each of which is prepared, and cached for good.
        package fileprivate(set) var texts: Set<String> = []
        /// Transactions that could write.
        package fileprivate(set) var commits = 0

        /// What was done after `earlier`. Texts are those of all the time.
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
