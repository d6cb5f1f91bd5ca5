import Glibc

/// The event loop could not be set up.
package struct TransferLoopError: Error, CustomStringConvertible {
    package let operation: String
    package let cause: String

    package var description: String { "\(operation): \(cause)" }
}

extension TransferLoopError {
    /// Uses the text of `errno` as the cause.
    init(failed operation: String) {
        self.init(operation: operation, cause: String(cString: strerror(errno)))
    }
}
