import CCurl

/// Runs a conversation on a connection.
///
/// Confined to the thread of its `TransferDriver`.
final class Dialogue: Attendant {
    let exchange: Exchange
    let socket: Int32
    private let timer: EventTimer
    private var conversation: any Conversation
    private var unsent: [UInt8] = []
    private var hasBegun = false
    private var endsWhenSent = false

    init(exchange: Exchange, socket: Int32, conversation: any Conversation) throws(TransferLoopError) {
        self.exchange = exchange
        self.socket = socket
        self.conversation = conversation
        self.timer = try EventTimer()
        timer.set(milliseconds: exchange.remainingMilliseconds)
    }

    var codeWhenTimeIsUp: TransferCode { .timedOut }
    var timerDescriptor: Int32 { timer.descriptor }
    var wantsToWrite: Bool { !unsent.isEmpty }

    func attend() -> TransferCode? {
        if !hasBegun {
            hasBegun = true
            if let end = follow(conversation.begin()) { return end }
        }
        if let end = send() { return end }
        while true {
            let (code, bytes) = exchange.handle.receive()
            if code == CURLE_AGAIN { return exchange.handshake.alertsReceived.isEmpty ? send() : .receiveFailed }
            guard code == CURLE_OK else { return TransferCode(code) }
            guard !bytes.isEmpty else { return .gotNothing }
            guard exchange.keep(said: bytes) else { return .ok }
            if let end = follow(conversation.receive(bytes)) { return end }
            if let end = send() { return end }
        }
    }

    private func follow(_ step: ConversationStep) -> TransferCode? {
        switch step {
        case .say(let bytes):
            unsent += bytes
            return nil
        case .wait: return nil
        case .end: return .ok
        case .endSaying(let bytes):
            unsent += bytes
            endsWhenSent = true
            return nil
        case .giveUp(let reason):
            exchange.complain(reason)
            return .weirdServerReply
        }
    }

    private func send() -> TransferCode? {
        while !unsent.isEmpty {
            let (code, count) = exchange.handle.send(unsent)
            if code == CURLE_AGAIN { return nil }
            guard code == CURLE_OK else { return TransferCode(code) }
            unsent.removeFirst(count)
        }
        return endsWhenSent ? .ok : nil
    }
}
