import CCurl

/// A connection whose handshake is over, listened to for what the server thinks of it.
///
/// Confined to the thread of its `TransferDriver`.
final class Listener {
    let exchange: Exchange
    let socket: Int32
    let timer: EventTimer
    private var bytesHeard = 0

    init(exchange: Exchange, socket: Int32) throws(TransferLoopError) {
        self.exchange = exchange
        self.socket = socket
        self.timer = try EventTimer()
    }

    /// At least three round trips, since the alert needs half of one after the server has verified our chain; and no
    /// longer than the transfer may last.
    func duration(atLeast milliseconds: Int) -> Int {
        let timings = exchange.timings
        let roundTripMilliseconds = (timings.connect - timings.nameLookup) / 1_000
        return min(max(milliseconds, 3 * roundTripMilliseconds), exchange.transfer.timeoutMilliseconds)
    }

    /// Takes what has arrived. Session tickets wake a listener and are no answer.
    ///
    /// - Returns: how the listening ended, or nil when it goes on.
    func receive() -> TransferCode? {
        while true {
            let (code, count) = exchange.handle.receive()
            if code == CURLE_AGAIN {
                return exchange.handshake.alertsReceived.isEmpty ? nil : .receiveFailed
            }
            guard code == CURLE_OK else { return TransferCode(code) }
            guard count > 0 else { return .gotNothing }
            bytesHeard += count
            // Nobody was asked anything: a server that talks on has let us in.
            if bytesHeard > exchange.transfer.maximumBodyBytes { return .ok }
        }
    }
}
