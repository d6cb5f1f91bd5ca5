import Configuration
import NIOCore
import StatusServer
import TestSupport
import Testing

/// Clients that take more than their share, over real sockets.
struct SlowClientTests {
    private static let impatient = ConnectionLimits(
        idleTime: .milliseconds(300), exchangeTime: .milliseconds(300), graceTime: .milliseconds(300))

    /// What a client that sends `text` and then rests gets until it is cut off; nil if it is not.
    private func answer(to text: String, limits: ConnectionLimits = impatient) async throws -> String? {
        let daemon = try ServedDaemon(limits: limits)
        return try await daemon.serving { address in
            let client = try RawClient(port: port(of: address))
            client.send(text)
            return await client.readToEnd()
        }
    }

    @Test(arguments: ["", "GET /metr", "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: a"])
    func `a client that does not finish its head is cut off without an answer`(text: String) async throws {
        #expect(try await answer(to: text) == "")
    }

    @Test func `a client that rests after a request is cut off`() async throws {
        // The exchange itself may take long on a busy machine.
        let answer = try await answer(
            to: "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n", limits: ConnectionLimits(idleTime: .seconds(1)))
        #expect(answer?.hasPrefix("HTTP/1.1 200 ") == true)
    }

    @Test func `a client that announces a body and does not send it is cut off`() async throws {
        let answer = try await answer(
            to: "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")
        #expect(answer != nil)
    }

    @Test func `a body that is too large ends the connection while it is sent`() async throws {
        var limits = ConnectionLimits()
        limits.bodyBytes = 1_000
        let body = String(repeating: "x", count: 10_000)
        let answer = try await answer(
            to: "POST /-/healthy HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n\(body)", limits: limits
        )
        #expect(answer != nil)
    }

    @Test(
        arguments: [
            "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Long: \(String(repeating: "a", count: 9_000))\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\(String(repeating: "X-Many: a\r\n", count: 200))\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n", "\u{16}\u{3}\u{1}", "nonsense\r\n\r\n",
        ])
    func `a head that is too large or malformed is refused`(head: String) async throws {
        let answer = try await answer(to: head, limits: ConnectionLimits(idleTime: .seconds(2)))
        #expect(answer == "" || answer?.hasPrefix("HTTP/1.1 4") == true, "\(answer ?? "not cut off")")
    }

    @Test func `idle connections do not keep others out for longer than their time`() async throws {
        let daemon = try ServedDaemon(limits: ConnectionLimits(idleTime: .milliseconds(500), connections: 4))
        let result = try await daemon.serving { address in
            let idle = try (1...4).map { _ in try RawClient(port: port(of: address)) }
            let result = await daemon.get("/-/healthy", at: address)
            withExtendedLifetime(idle) {}
            return result
        }
        #expect(result.status == 200)
    }

    @Test func `a shutdown waits for no idle client`() async throws {
        let daemon = try ServedDaemon(limits: ConnectionLimits(idleTime: .hours(1)))
        let client = try await daemon.serving { try RawClient(port: port(of: $0)) }
        #expect(await client.readToEnd() == "")
    }
}
