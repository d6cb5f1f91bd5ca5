import Glibc
import Synchronization

/// A webhook receiver on loopback that records requests and answers as its script says.
package final class RecordingReceiver: Sendable {
    package struct Request: Sendable {
        package let method: String
        package let path: String
        /// Names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package enum Behaviour: Sendable {
        case answer(Int, headers: [String] = [], body: String = "", after: Duration = .zero)
        /// Reads the whole request and closes without a response, so that the sender cannot know the result.
        case loseAnswer
        /// Reads the request and never answers. The connection stays open.
        case hang
    }

    /// The behaviour for a request by its number, counted from 0.
    package typealias Script = @Sendable (Int, Request) -> Behaviour

    private struct State {
        var requests: [Request] = []
        var script: Script
        var connections: Set<Int32> = []
        var isStopped = false
    }

    package let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    /// Creates the socket and listens at once, on a port from the kernel when `wanted` is 0.
    ///
    /// - Throws: `ReceiverFailure` when the kernel provides no socket.
    package init(port wanted: UInt16 = 0, _ script: @escaping Script = { _, _ in .answer(200) }) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = wanted.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 128) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw ReceiverFailure(description: "no loopback socket: errno \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
        state = Mutex(State(script: script))
        Self.detach { [weak self] in Self.acceptConnections(of: descriptor) { self } }
    }

    deinit {
        stop()
    }

    package var url: String { "http://127.0.0.1:\(port)/hook" }

    package var requests: [Request] { state.withLock { $0.requests } }

    /// Replaces the script for later requests.
    package func behave(_ script: @escaping Script) {
        state.withLock { $0.script = script }
    }

    /// Closes all connections and refuses new ones.
    package func stop() {
        let open = state.withLock { state -> Set<Int32> in
            guard !state.isStopped else { return [] }
            state.isStopped = true
            // The accepting thread closes the socket. Closing it here could let its number be reused before that thread
            // notices.
            shutdown(listener, Int32(SHUT_RDWR))
            return state.connections
        }
        for connection in open { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    private static func acceptConnections(of listener: Int32, receiver: @escaping () -> RecordingReceiver?) {
        defer { close(listener) }
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            guard let current = receiver(),
                current.state.withLock({ state in
                    guard !state.isStopped else { return false }
                    state.connections.insert(connection)
                    return true
                })
            else {
                close(connection)
                return
            }
            detach { [weak current] in
                Self.serve(connection) { current?.respond(to: $0) }
                current?.state.withLock { _ = $0.connections.remove(connection) }
                close(connection)
            }
        }
    }

    private func respond(to request: Request) -> Behaviour {
        let (script, number) = state.withLock { state in
            state.requests.append(request)
            return (state.script, state.requests.count - 1)
        }
        return script(number, request)
    }

    private static func serve(_ connection: Int32, respond: (Request) -> Behaviour?) {
        guard let request = readRequest(connection) else { return }
        switch respond(request) {
        case .answer(let status, let headers, let body, let delay):
            usleep(UInt32(delay / .microseconds(1)))
            let lines =
                ["HTTP/1.1 \(status) Status", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
            let answer = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
            _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
        case .hang:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        case .loseAnswer, nil:
            break
        }
    }

    private static func readRequest(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while bytes.count < 1_000_000 {
            if let head = bytes.firstRange(of: end) {
                let (line, headers) = parse(bytes[..<head.lowerBound])
                let length = headers["content-length"].flatMap { Int($0) } ?? 0
                if bytes.count >= head.upperBound + length, line.count >= 2 {
                    return Request(
                        method: line[0], path: line[1], headers: headers,
                        body: Array(bytes[head.upperBound..<(head.upperBound + length)]))
                }
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        return nil
    }

    private static func parse(_ head: ArraySlice<UInt8>) -> (line: [String], headers: [String: String]) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        let fields = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        let requestLine = lines.first?.split(separator: " ").map(String.init) ?? []
        return (requestLine, Dictionary(fields, uniquingKeysWith: { first, _ in first }))
    }

    /// Starts a thread for blocking calls. It ends with its work.
    private static func detach(_ work: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        var thread = pthread_t()
        // Block all signals: in this thread they would interrupt blocking calls.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let box = Unmanaged.passRetained(Box(work)).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, box)
        if code == 0 { pthread_detach(thread) } else { Unmanaged<Box>.fromOpaque(box).release() }
    }
}

/// The receiver could not be started.
package struct ReceiverFailure: Error, CustomStringConvertible {
    package let description: String
}
