import CCurl

/// Runs all transfers of one loop on one thread, with `curl_multi_socket_action` and epoll.
///
/// Created in `TransferLoop.init` and confined to its thread afterwards.
final class TransferDriver {
    private let mailbox: Mailbox
    private let multi: UnsafeMutableRawPointer
    private let timer: EventTimer
    private var poll: EventPoll
    private var exchanges: [UInt: (exchange: Exchange, job: TransferJob)] = [:]
    /// Further transfers wait. Their timeouts begin when they start.
    private let mostExchanges = DescriptorLimit.raise()
    private var waiting = WaitingJobs()
    private var shares: [ObjectIdentifier: ConnectionShare] = [:]
    /// Each attendant under both of its descriptors, the socket and the timer.
    private var attendants: [Int32: any Attendant] = [:]

    init(mailbox: Mailbox) throws(TransferLoopError) {
        try CurlLibrary.initialize()
        self.mailbox = mailbox
        self.poll = try EventPoll()
        self.timer = try EventTimer()
        guard let multi = curl_multi_init() else {
            throw TransferLoopError(operation: "starting libcurl", cause: "out of memory")
        }
        self.multi = multi
        poll.watch(mailbox.wakeUp.descriptor, for: .read)
        poll.watch(timer.descriptor, for: .read)
        let context = Unmanaged.passUnretained(self).toOpaque()
        // These calls cannot fail: each libcurl that has PROTOCOLS_STR has the options, and the handle is ours.
        _ = notafter_multi_set_socket_callback(multi, watchSocket)
        _ = notafter_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        _ = notafter_multi_set_timer_callback(multi, setTimer)
        _ = notafter_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        _ = notafter_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    deinit {
        for (_, entry) in exchanges {
            entry.exchange.handle.withPointer { _ = curl_multi_remove_handle(multi, $0) }
            entry.job.finish(.cancelled)
        }
        waiting.removeAll().forEach { $0.finish(.cancelled) }
        // Easy handles first, then the connections that they used.
        exchanges = [:]
        shares = [:]
        curl_multi_cleanup(multi)
    }

    /// Returns after the `stop` command.
    func run() {
        while true {
            for (descriptor, events) in poll.wait() {
                switch descriptor {
                case mailbox.wakeUp.descriptor:
                    guard takeCommands() else { return }
                case timer.descriptor:
                    timer.acknowledge()
                    act(on: CURL_SOCKET_TIMEOUT, events: [])
                default:
                    if let attendant = attendants[descriptor] {
                        attend(attendant, by: descriptor)
                    } else {
                        act(on: descriptor, events: events)
                    }
                }
            }
            collectFinished()
            startWaiting()
        }
    }

    /// - Returns: false when the loop must end.
    private func takeCommands() -> Bool {
        for command in mailbox.takeAll() {
            switch command {
            case .start(let job): waiting.append(job)
            case .cancel(let ticket): cancel(ticket)
            case .close(let connections): shares[connections] = nil
            case .stop: return false
            }
        }
        return true
    }

    private func startWaiting() {
        while exchanges.count < mostExchanges, let job = waiting.next() {
            start(job)
        }
    }

    private func start(_ job: TransferJob) {
        guard !job.ticket.isCancelled else {
            end(job, .cancelled)
            return
        }
        start(job, in: job.transfer.preamble == nil ? .main(nil) : .preamble)
    }

    private func start(_ job: TransferJob, in phase: Exchange.Phase) {
        do {
            let exchange = try Exchange(job.transfer, phase: phase, share: share(for: job.transfer))
            exchanges[exchange.handle.identity] = (exchange, job)
            let code = exchange.handle.withPointer { curl_multi_add_handle(multi, $0) }
            if code != CURLM_OK {
                finish(exchange, code: TransferCode(CURLE_FAILED_INIT))
            }
        } catch {
            end(job, TransferResult(code: error.code, message: error.code.explanation))
        }
    }

    private func share(for transfer: Transfer) throws(OptionError) -> ConnectionShare? {
        guard let connections = transfer.sharedConnections else { return nil }
        let key = ObjectIdentifier(connections)
        if let known = shares[key] { return known }
        let new = try ConnectionShare()
        shares[key] = new
        return new
    }

    private func cancel(_ ticket: Ticket) {
        if let entry = exchanges.values.first(where: { $0.job.ticket === ticket }) {
            finish(entry.exchange, code: .cancelled)
        } else {
            waiting.remove(ticket)?.finish(.cancelled)
        }
    }

    private func act(on socket: curl_socket_t, events: EventPoll.Interest) {
        var mask: Int32 = 0
        if events.contains(.read) { mask |= CURL_CSELECT_IN }
        if events.contains(.write) { mask |= CURL_CSELECT_OUT }
        if !events.isDisjoint(with: .failure) { mask |= CURL_CSELECT_ERR }
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, mask, &running)
    }

    private func collectFinished() {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining)?.pointee {
            guard
                message.msg == CURLMSG_DONE,
                let exchange = exchanges[UInt(bitPattern: message.easy_handle)]?.exchange
            else { continue }
            let code = TransferCode(message.data.result)
            if code == .ok, exchange.isLeftToUs {
                takeOver(exchange)
            } else {
                finish(exchange, code: code)
            }
        }
    }

    private func finish(_ exchange: Exchange, code: TransferCode) {
        // Read the result before libcurl discards the connection.
        let result = exchange.result(code: code)
        guard let job = leave(exchange) else { return }
        end(job, job.ticket.isCancelled ? .cancelled : result)
    }

    /// Returns the result to the waiting task and frees the slot of the transfer.
    private func end(_ job: TransferJob, _ result: TransferResult) {
        waiting.finish(job)
        job.finish(result)
    }

    /// Removes the exchange from the loop, which closes its connection.
    private func leave(_ exchange: Exchange) -> TransferJob? {
        guard let job = exchanges.removeValue(forKey: exchange.handle.identity)?.job else { return nil }
        if exchange.isLeftToUs { dismissAttendant(of: exchange) }
        exchange.handle.withPointer { _ = curl_multi_remove_handle(multi, $0) }
        return job
    }

    private func dismissAttendant(of exchange: Exchange) {
        for (descriptor, attendant) in attendants where attendant.exchange === exchange {
            attendants[descriptor] = nil
            poll.forget(descriptor)
        }
    }

    // MARK: Connections that libcurl leaves to us

    private func takeOver(_ exchange: Exchange) {
        guard let socket = exchange.handle.socket else {
            finish(exchange, code: .gotNothing)
            return
        }
        do {
            let attendant = try attendant(for: exchange, socket: socket)
            attendants[socket] = attendant
            attendants[attendant.timerDescriptor] = attendant
            poll.watch(attendant.timerDescriptor, for: .read)
            // OpenSSL may have buffered data that the kernel no longer reports.
            attend(attendant, by: socket)
        } catch {
            finish(exchange, code: TransferCode(CURLE_FAILED_INIT))
        }
    }

    private func attendant(for exchange: Exchange, socket: Int32) throws(TransferLoopError) -> any Attendant {
        if exchange.isPreamble, let preamble = exchange.transfer.preamble {
            return try Dialogue(exchange: exchange, socket: socket, conversation: preamble)
        }
        return switch exchange.transfer.extent {
        case .converse(let conversation):
            try Dialogue(exchange: exchange, socket: socket, conversation: conversation)
        case .listenAfterHandshake(let milliseconds):
            try Listener(exchange: exchange, socket: socket, atLeast: milliseconds)
        case .exchange:
            try Listener(exchange: exchange, socket: socket, atLeast: 0)
        }
    }

    private func attend(_ attendant: any Attendant, by descriptor: Int32) {
        let end = descriptor == attendant.socket ? attendant.attend() : attendant.codeWhenTimeIsUp
        guard let end else {
            poll.watch(attendant.socket, for: attendant.wantsToWrite ? [.read, .write] : .read)
            return
        }
        if end == .ok, attendant.exchange.isPreamble {
            beginTLS(after: attendant.exchange)
        } else {
            finish(attendant.exchange, code: end)
        }
    }

    /// Starts the second exchange on the connection on which the first one completed the preamble.
    private func beginTLS(after preamble: Exchange) {
        guard let connection = preamble.plainConnection() else {
            finish(preamble, code: TransferCode(CURLE_FAILED_INIT))
            return
        }
        guard let job = leave(preamble) else { return }
        start(job, in: .main(connection))
    }

    // MARK: libcurl's requests

    fileprivate func watch(socket: curl_socket_t, what: Int32) {
        switch what {
        case CURL_POLL_IN: poll.watch(socket, for: .read)
        case CURL_POLL_OUT: poll.watch(socket, for: .write)
        case CURL_POLL_INOUT: poll.watch(socket, for: [.read, .write])
        default: poll.forget(socket)
        }
    }

    fileprivate func set(timerMilliseconds: Int) {
        timer.set(milliseconds: timerMilliseconds < 0 ? nil : timerMilliseconds)
    }
}

private func driver(_ context: UnsafeMutableRawPointer?) -> TransferDriver? {
    context.map { Unmanaged<TransferDriver>.fromOpaque($0).takeUnretainedValue() }
}

private func watchSocket(
    handle: UnsafeMutableRawPointer?, socket: curl_socket_t, what: Int32, context: UnsafeMutableRawPointer?,
    socketData: UnsafeMutableRawPointer?
) -> Int32 {
    driver(context)?.watch(socket: socket, what: what)
    return 0
}

private func setTimer(
    multi: UnsafeMutableRawPointer?, milliseconds: Int, context: UnsafeMutableRawPointer?
) -> Int32 {
    driver(context)?.set(timerMilliseconds: milliseconds)
    return 0
}
