/// Handles a connection that libcurl has established and left to us.
///
/// Confined to the thread of its `TransferDriver`.
protocol Attendant: AnyObject {
    var exchange: Exchange { get }
    var socket: Int32 { get }
    /// A timer that becomes readable when the time is up.
    var timerDescriptor: Int32 { get }
    /// Whether there are bytes to send.
    var wantsToWrite: Bool { get }
    /// The result when the timer expires.
    var codeWhenTimeIsUp: TransferCode { get }
    /// Receives what has arrived and sends what is pending, without blocking.
    ///
    /// - Returns: the result, or nil while the connection is in use.
    func attend() -> TransferCode?
}
