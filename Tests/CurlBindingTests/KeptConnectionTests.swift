import CurlBinding
import Foundation
import TestSupport
import Testing

struct KeptConnectionTests {
    private let loop: TransferLoop

    init() throws {
        loop = try TransferLoop()
    }

    /// What the server says of a POST: on which connection it came, and as which request.
    private func post(
        to server: ScriptedServer, over connections: KeptConnections?, body: String = "hello"
    ) async -> TransferResult {
        var transfer = Transfer(
            url: "http://127.0.0.1:\(server.port)/", method: .post(body: Array(body.utf8)), schemes: .httpsOrHTTP)
        transfer.connections = connections
        return await loop.perform(transfer)
    }

    @Test func `transfers that share connections use one after another`() async throws {
        let server = try ScriptedServer(.keeping(answers: 3))
        let connections = try #require(loop.keepConnections())
        for number in 1...3 {
            let result = await post(to: server, over: connections)
            #expect(result.code == .ok)
            #expect(String(decoding: result.body, as: UTF8.self) == "1 \(number)")
            #expect(result.uploadedBytes == 5)
        }
    }

    @Test func `a transfer without them has a connection of its own`() async throws {
        let server = try ScriptedServer(.keeping(answers: 3))
        let connections = try #require(loop.keepConnections())
        for (number, shared) in [nil, connections, nil, connections].enumerated() {
            let result = await post(to: server, over: shared)
            let connection = [1, 2, 3, 2][number]
            #expect(String(decoding: result.body, as: UTF8.self) == "\(connection) \(number + 1)")
        }
    }

    @Test func `two receivers never share one`() async throws {
        let server = try ScriptedServer(.keeping(answers: 3))
        let (one, other) = (try #require(loop.keepConnections()), try #require(loop.keepConnections()))
        #expect(await post(to: server, over: one).body == Array("1 1".utf8))
        #expect(await post(to: server, over: other).body == Array("2 2".utf8))
        #expect(await post(to: server, over: one).body == Array("1 3".utf8))
    }

    /// libcurl repeats a request when a connection that was used before closes without an answer. The server may have
    /// processed it, and no one would know that it came twice.
    @Test func `a request that the server has read is never sent again, though its connection was used before`()
        async throws
    {
        let server = try ScriptedServer(.keeping(answers: 2))
        let connections = try #require(loop.keepConnections())
        for _ in 1...2 { #expect(await post(to: server, over: connections).code == .ok) }
        let lost = await post(to: server, over: connections)
        #expect(lost.code == .gotNothing)
        #expect(lost.message == "Server returned nothing (no headers, no data)")
        #expect(lost.status == nil)
        #expect(lost.uploadedBytes == 5)
        let next = await post(to: server, over: connections)
        #expect(
            String(decoding: next.body, as: UTF8.self).hasSuffix(" 4"), "the fourth request that the server has read")
    }

    @Test func `a large request that the server has read is not sent again either`() async throws {
        let server = try ScriptedServer(.keeping(answers: 1))
        let connections = try #require(loop.keepConnections())
        let body = String(repeating: "x", count: 300_000)
        #expect(await post(to: server, over: connections, body: body).code == .ok)
        let lost = await post(to: server, over: connections, body: body)
        #expect(lost.code == .gotNothing)
        #expect(lost.uploadedBytes > 0)
        let next = await post(to: server, over: connections)
        #expect(
            String(decoding: next.body, as: UTF8.self).hasSuffix(" 3"), "the third request that the server has read")
    }

    @Test func `a request without a body opens a connection of its own`() async throws {
        let server = try ScriptedServer(.keeping(answers: 3))
        let connections = try #require(loop.keepConnections())
        #expect(await post(to: server, over: connections).body == Array("1 1".utf8))
        #expect(await post(to: server, over: connections, body: "").body == Array("2 2".utf8))
    }

    @Test func `they close with the last reference to them`() async throws {
        let server = try ScriptedServer(.keeping(answers: 3))
        var connections = loop.keepConnections()
        #expect(await post(to: server, over: connections).code == .ok)
        connections = nil
        try server.waitForClose(of: 1)
    }

    @Test func `a TLS connection is kept as well, and its handshake is made once`() async throws {
        let authority = try TestPKI.authority("Kept CA")
        let certificate = try authority.issue(.server, commonName: "server", alternativeNames: [.dns("localhost")])
        let directory = try TemporaryDirectory()
        let server = try ScriptedServer(.keeping(answers: 2, certificate: certificate))
        let connections = try #require(loop.keepConnections())
        var transfer = Transfer(url: "https://localhost:\(server.port)/", method: .post(body: Array("hello".utf8)))
        transfer.trust = .file(try directory.write(authority.pem, to: "ca.pem"))
        transfer.connections = connections
        let (first, second) = (await loop.perform(transfer), await loop.perform(transfer))
        #expect(String(decoding: first.body, as: UTF8.self) == "1 1")
        #expect(String(decoding: second.body, as: UTF8.self) == "1 2")
        #expect(second.timings.tlsHandshake == 0)
    }
}
