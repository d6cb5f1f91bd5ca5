import NIOCore

/// What one client may take of this server.
package struct ConnectionLimits: Sendable {
    /// A connection that sends no complete head for this long is closed; so is one that rests between two requests.
    package var idleTime: TimeAmount
    /// A request and its response may take this long, from the end of its head.
    package var exchangeTime: TimeAmount
    /// After the daemon was told to stop, exchanges in progress may take this long.
    package var graceTime: TimeAmount
    package var connections: Int
    /// All fields of the head together.
    package var headBytes: Int
    /// No request needs a body; one that is not larger is ignored.
    package var bodyBytes: Int

    package init(
        idleTime: TimeAmount = .seconds(20), exchangeTime: TimeAmount = .seconds(60),
        graceTime: TimeAmount = .seconds(5), connections: Int = 128, headBytes: Int = 16_384, bodyBytes: Int = 65_536
    ) {
        self.idleTime = idleTime
        self.exchangeTime = exchangeTime
        self.graceTime = graceTime
        self.connections = connections
        self.headBytes = headBytes
        self.bodyBytes = bodyBytes
    }
}
