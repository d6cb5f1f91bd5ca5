import Synchronization

/// Computes one value for each key. Callers that ask for a key while its value is computed block their thread.
package final class OncePerKey<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private final class Slot: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    private let slots = Mutex<[Key: Slot]>([:])

    package init() {}

    /// The value of `key`, or the error of its computation. nil before it is computed. Never blocks.
    package func known(_ key: Key) -> Result<Value, any Error>? {
        guard let slot = slots.withLock({ $0[key] }) else { return nil }
        return slot.result.withLockIfAvailable { $0 } ?? nil
    }

    /// The value of `key`, which the first caller computes.
    ///
    /// - Throws: the error of `make`, also to later callers.
    package func value(for key: Key, _ make: () throws -> Value) throws -> Value {
        let slot = slots.withLock { slots in
            let slot = slots[key] ?? Slot()
            slots[key] = slot
            return slot
        }
        let result = slot.result.withLock { known in
            let result = known ?? Result { try make() }
            known = result
            return result
        }
        return try result.get()
    }
}
