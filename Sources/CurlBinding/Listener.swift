import CCurl

/// Listens on a connection after its handshake for the server's reaction.
final class Listener: Attendant {
    let exchange: Exchange
    let socket: Int32
    private let timer: EventTimer

    /// Listens for at least `milliseconds` and three round trips, since the alert needs half a round trip after the
    /// server has verified our chain, but not longer than the transfer's timeout.
    init(exchange: Exchange, socket: Int32, atLeast milliseconds: Int) throws(TransferLoopError) {
        self.exchange = exchange
        self.socket = socket
        self.timer = try EventTimer()
        let timings = exchange.timings
        let roundTripMilliseconds = (timings.connect - timings.nameLookup) / 1_000
        timer.set(
            milliseconds: min(max(milliseconds, 3 * roundTripMilliseconds), exchange.transfer.timeoutMilliseconds))
    }

    /// A server that sends nothing has accepted us.
    var codeWhenTimeIsUp: TransferCode { .ok }
    var timerDescriptor: Int32 { timer.descriptor }
    var wantsToWrite: Bool { false }

    func attend() -> TransferCode? {
        while true {
            let (code, bytes) = exchange.handle.receive()
            if code == CURLE_AGAIN {
                if !exchange.handshake.alertsReceived.isEmpty { return .receiveFailed }
                return exchange.handshake.isAccepted ? .ok : nil
            }
            guard code == CURLE_OK else { return TransferCode(code) }
            guard !bytes.isEmpty else { return .gotNothing }
            // Nothing was requested, so a server that sends more data has accepted us.
            guard exchange.keep(said: bytes) else { return .ok }
        }
    }
}
