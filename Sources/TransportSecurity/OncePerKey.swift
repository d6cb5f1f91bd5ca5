import Synchronization

/// Values that are made once for each key. Others who ask for a key while its value is being made wait on their thread.
package final class OncePerKey<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private final class Slot: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    private let slots = Mutex<[Key: Slot]>([:])

    package init() {}

    /// The value that was made for `key`, or why it could not be made; nil before that. Never waits.
    package func known(_ key: Key) -> Result<Value, any Error>? {
        guard let slot = slots.withLock({ $0[key] }) else { return nil }
        return slot.result.withLockIfAvailable { $0 } ?? nil
    }

    /// The value for `key`, made by the first call.
    ///
    /// - Throws: what `make` threw, also to those who ask later.
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
