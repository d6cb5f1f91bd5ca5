import Glibc

/// The event loop could not be set up.
package struct TransferLoopError: Error, CustomStringConvertible {
    package let operation: String
    package let cause: String

    package var description: String { "\(operation): \(cause)" }
}

extension TransferLoopError {
    /// Takes the cause from `errno`.
    init(failed operation: String) {
        self.init(operation: operation, cause: String(cString: strerror(errno)))
    }
}
