/// What performs transfers: `TransferLoop`, or in a test whatever answers as it is told.
package protocol TransferPerforming: Sendable {
    /// Performs one transfer. Failure is data: the result has a code and a message.
    func perform(_ transfer: Transfer) async -> TransferResult
}

extension TransferLoop: TransferPerforming {}
