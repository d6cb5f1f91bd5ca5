import CurlBinding
import Foundation
import TestSupport
import Testing

@Suite struct `Transfers` {
    private let loop: TransferLoop

    init() throws {
        loop = try TransferLoop()
    }

    private func plain(_ port: Int, _ path: String = "/") -> Transfer {
        Transfer(url: "http://127.0.0.1:\(port)\(path)", schemes: .httpsOrHTTP)
    }

    @Test func `an answer is reported with its status, headers and body`() async throws {
        let server = try ScriptedServer(
            .plain(answer: "HTTP/1.1 503 Later\r\nRetry-After: 120\r\nX-Empty:\r\nContent-Length: 4\r\n\r\nbusy"))
        var transfer = plain(server.port)
        transfer.method = .post(body: Array("hello".utf8))
        let result = await loop.perform(transfer)
        #expect(result.code == .ok)
        #expect(result.message == "")
        #expect(result.status == 503)
        #expect(result.header("retry-after") == "120")
        #expect(result.header("x-empty") == "")
        #expect(result.retryAfterSeconds == 120)
        #expect(result.body == Array("busy".utf8))
        #expect(result.uploadedBytes == 5)
        #expect(result.httpVersion == "HTTP/1.1")
        #expect(result.primaryAddress == "127.0.0.1")
        #expect(result.timings.total >= result.timings.firstByte)
        #expect(result.handshake == nil)
    }

    @Test func `an endless body is cut at the limit and keeps its status`() async throws {
        let server = try ScriptedServer(.endlessBody)
        let result = await loop.perform(plain(server.port))
        #expect(result.code == .ok)
        #expect(result.status == 200)
        #expect(result.bodyWasTruncated)
        #expect(result.body.count == 65_536)
    }

    @Test func `endless headers are cut`() async throws {
        let server = try ScriptedServer(.endlessHeaders)
        let result = await loop.perform(plain(server.port))
        #expect(result.code == .writeRefused)
        #expect(result.message == "the answer's headers are longer than 65536 bytes")
    }

    @Test func `a server that says nothing times out`() async throws {
        let server = try ScriptedServer(.mute)
        var transfer = plain(server.port)
        transfer.timeoutMilliseconds = 200
        let result = await loop.perform(transfer)
        #expect(result.code == .timedOut)
        #expect(result.status == nil)
    }

    @Test func `a closed port is a failed connect with its errno, and nothing was uploaded`() async throws {
        var transfer = plain(try LoopbackPort.free())
        transfer.method = .post(body: Array("hello".utf8))
        let result = await loop.perform(transfer)
        #expect(result.code == .connectFailed)
        #expect(result.systemError == ECONNREFUSED)
        #expect(result.uploadedBytes == 0)
    }

    @Test func `http is refused unless it is asked for`() async throws {
        let result = await loop.perform(Transfer(url: "http://127.0.0.1:1/secret-token"))
        #expect(result.code == .unsupportedScheme)
        #expect(!result.message.contains("secret-token"))
    }

    @Test(arguments: ["not a url", "https://", "https://[", "ftp://127.0.0.1/"])
    func `what is no URL for us ends without a connection`(url: String) async throws {
        let result = await loop.perform(Transfer(url: url))
        #expect([.malformedURL, .unsupportedScheme, .nameLookupFailed].contains(result.code))
        #expect(!result.message.isEmpty)
    }

    @Test func `a redirect is reported and not followed`() async throws {
        let server = try ScriptedServer(
            .plain(answer: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"))
        let result = await loop.perform(plain(server.port))
        #expect(result.status == 302)
        #expect(result.header("Location") == "http://127.0.0.1:1/")
    }

    @Test func `a private CA is trusted where its file is named, and only there`() async throws {
        let directory = try TemporaryDirectory()
        let authority = try TestPKI.authority("Private CA")
        let certificate = try authority.issue(.server, commonName: "server", alternativeNames: [.dns("localhost")])
        let server = try ScriptedServer(
            .answeringTLS(certificate: certificate, answer: "HTTP/1.1 204 No Content\r\n\r\n"))
        var transfer = Transfer(url: "https://localhost:\(server.port)/")
        #expect(await loop.perform(transfer).code == .peerVerificationFailed)
        transfer.trust = .file(try directory.write(authority.pem, to: "ca.pem"))
        #expect(await loop.perform(transfer).status == 204)
        // The file is read again, and parsed anchors are not shared between transfers.
        try directory.write(TestPKI.authority("Other CA").pem, to: "ca.pem")
        #expect(await loop.perform(transfer).code == .peerVerificationFailed)
        transfer.trust = .configured
        #expect(await loop.perform(transfer).code == .peerVerificationFailed)
        transfer.trust = .file(directory.path(of: "no-such-file"))
        #expect(await loop.perform(transfer).code == .caFileUnreadable)
    }

    @Test func `the proxy of the environment is ignored`() async throws {
        // In a separate process, since the environment belongs to the process.
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            setenv("ALL_PROXY", "http://127.0.0.1:1", 1)
            let server = try ScriptedServer(.plain(answer: "HTTP/1.1 204 No Content\r\n\r\n"))
            let transfer = Transfer(url: "http://127.0.0.1:\(server.port)/", schemes: .httpsOrHTTP)
            let result = try await TransferLoop().perform(transfer)
            try #require(result.status == 204)
        }
    }

    @Test func `a line break cannot enter a request through a header`() async throws {
        var transfer = plain(1)
        transfer.headers = [HeaderField("X-Name", "a\r\nX-Injected: b")]
        let result = await loop.perform(transfer)
        #expect(result.code == .badArgument)
    }

    @Test func `a cancelled task ends its transfer at once`() async throws {
        let server = try ScriptedServer(.mute)
        let transfer = plain(server.port)
        let loop = loop
        let task = Task { await loop.perform(transfer) }
        task.cancel()
        #expect(await task.value.code == .cancelled)
    }

    @Test func `a transfer that is under way can be cancelled`() async throws {
        let server = try ScriptedServer(.mute)
        let transfer = plain(server.port)
        let loop = loop
        // The first child of the group to end cancels the other, which waits for a response that never comes.
        let codes = await withTaskGroup(of: TransferCode.self) { group in
            var short = transfer
            short.timeoutMilliseconds = 100
            group.addTask { await loop.perform(transfer).code }
            group.addTask { [short] in await loop.perform(short).code }
            var codes: [TransferCode] = []
            for await code in group {
                codes.append(code)
                group.cancelAll()
            }
            return codes
        }
        #expect(codes == [.timedOut, .cancelled])
    }

    @Test func `more transfers than the descriptors allow wait for their turn`() async throws {
        // In a separate process, since the limit belongs to the process. It has inherited the sockets of other tests.
        await #expect(processExitsWith: .success) {
            for descriptor in Int32(3)..<4_096 {
                var status = stat()
                if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { close(descriptor) }
            }
            let server = try ScriptedServer(.plain(answer: "HTTP/1.1 204 No Content\r\n\r\n"))
            var limit = rlimit(rlim_cur: 200, rlim_max: 200)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let transfer = Transfer(url: "http://localhost:\(server.port)/", schemes: .httpsOrHTTP)
            let loop = try TransferLoop()
            let results = await withTaskGroup(of: TransferResult.self) { group in
                for _ in 0..<300 {
                    group.addTask { await loop.perform(transfer) }
                }
                return await group.reduce(into: [:]) { $0[$1.status, default: 0] += 1 }
            }
            try #require(results == [204: 300])
        }
    }

    @Test func `many slow transfers take the time of one`() async throws {
        let server = try ScriptedServer(.mute)
        let loop = loop
        let codes = await withTaskGroup(of: TransferCode.self) { group in
            for _ in 0..<100 {
                var transfer = plain(server.port)
                transfer.timeoutMilliseconds = 500
                group.addTask { [transfer] in await loop.perform(transfer).code }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(codes == [.timedOut: 100])
    }
}
