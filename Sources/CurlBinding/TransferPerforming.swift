/// Performs transfers. `TransferLoop` conforms, and so do the fakes of tests.
package protocol TransferPerforming: Sendable {
    /// Performs one transfer. It does not throw: the result has a code and a message.
    func perform(_ transfer: Transfer) async -> TransferResult

    /// Connections that transfers can share; nil where each transfer has its own.
    func keepConnections() -> KeptConnections?
}

extension TransferPerforming {
    package func keepConnections() -> KeptConnections? { nil }
}

extension TransferLoop: TransferPerforming {}
