/// Who attends to a connection that libcurl has made and left to us.
///
/// Confined to the thread of its `TransferDriver`.
protocol Attendant: AnyObject {
    var exchange: Exchange { get }
    var socket: Int32 { get }
    /// Becomes readable when its time is up.
    var timerDescriptor: Int32 { get }
    /// Whether there is something left to send.
    var wantsToWrite: Bool { get }
    /// What it means that the timer went off.
    var codeWhenTimeIsUp: TransferCode { get }
    /// Takes what has arrived and sends what is to be sent, without blocking.
    ///
    /// - Returns: how it ended, or nil when it goes on.
    func attend() -> TransferCode?
}
