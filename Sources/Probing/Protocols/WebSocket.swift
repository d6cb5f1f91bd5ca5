import Certificates
import CurlBinding
import Foundation
import OpenSSLBinding

/// The opening handshake of a WebSocket (RFC 6455 4.1), followed by a ping if one is expected.
struct WebSocketConversation: Conversation {
    private let request: [UInt8]
    private let accept: String
    private let wantsPong: Bool
    /// The extensions and subprotocols that the configured headers request, in lower case (RFC 6455 11.3.2 and 11.3.4).
    private let extensionsAskedFor: Set<String>
    private let subprotocolsAskedFor: Set<String>
    private var pending: [UInt8] = []
    private var headLength: Int?

    /// The payload of the ping, which the pong repeats (RFC 6455 5.5.3).
    private static let payload = Array("notafter".utf8)

    init(_ endpoint: Endpoint, _ target: ProbeTarget) {
        var generator = SystemRandomNumberGenerator()
        let key = Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }).base64EncodedString()
        let host = target.host.inHeader
        let path = target.path.hasPrefix("/") ? target.path : "/\(target.path)"
        let own = [
            HeaderField("Host", target.port == 443 ? host : "\(host):\(target.port)"),
            HeaderField("User-Agent", "notafter"), HeaderField("Upgrade", "websocket"),
            HeaderField("Connection", "Upgrade"), HeaderField("Sec-WebSocket-Key", key),
            HeaderField("Sec-WebSocket-Version", "13"),
        ]
        let configured = endpoint.request.headers
        let headers = own.filter { field in !configured.contains { $0.name.lowercased() == field.name.lowercased() } }
        let lines = (headers + configured).map { "\($0.name): \($0.value)\r\n" }.joined()
        request = Array("GET \(path) HTTP/1.1\r\n\(lines)\r\n".utf8)
        accept = Self.accept(for: key)
        wantsPong = endpoint.expectation.expectsPong
        extensionsAskedFor = Self.tokens(of: "sec-websocket-extensions", in: configured)
        subprotocolsAskedFor = Self.tokens(of: "sec-websocket-protocol", in: configured)
    }

    /// The names in a header's list without their parameters.
    private static func tokens(of name: String, in headers: [HeaderField]) -> Set<String> {
        let values = headers.filter { $0.name.lowercased() == name }.flatMap { $0.value.split(separator: ",") }
        return Set(values.map { $0.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased() })
    }

    /// RFC 6455 4.2.2
    static func accept(for key: String) -> String {
        // Each OpenSSL with TLS 1.2 has SHA-1.
        let digest = (try? SHA1.digest([Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)])) ?? []
        return Data(digest).base64EncodedString()
    }

    mutating func begin() -> ConversationStep { .say(request) }

    mutating func receive(_ bytes: [UInt8]) -> ConversationStep {
        pending += bytes
        guard let answer = RawAnswer(pending) else { return .wait }
        guard answer.status == 101 else { return answer.isComplete ? .end : .wait }
        if headLength == nil {
            headLength = answer.headLength
            if let flaw = flaw(in: answer) { return .giveUp(flaw) }
            // A ping (0x9), or a close (0x8) with code 1000. Both are masked, as RFC 6455 5.1 requires of clients.
            return wantsPong
                ? .say(Self.frame(opcode: 0x9, Self.payload))
                : .endSaying(Self.frame(opcode: 0x8, UInt16(1_000).bigEndianBytes))
        }
        return WebSocketAnswer.holdsPong(answer.body, payload: Self.payload)
            ? .endSaying(Self.frame(opcode: 0x8, UInt16(1_000).bigEndianBytes)) : .wait
    }

    private func flaw(in answer: RawAnswer) -> String? {
        if answer.header("upgrade")?.lowercased() != "websocket" { return "the answer 101 upgrades to something else" }
        if answer.header("sec-websocket-accept") != accept {
            return "Sec-WebSocket-Accept is not the answer to our key: something on the way answers by itself"
        }
        // RFC 6455 4.1: a client must fail the connection if the server uses what it did not request.
        let extensions = Self.tokens(of: "sec-websocket-extensions", in: answer.headers).subtracting(extensionsAskedFor)
        if let name = extensions.min() { return "it uses the extension \(name), which was not asked for" }
        let subprotocols = Self.tokens(of: "sec-websocket-protocol", in: answer.headers)
        if let name = subprotocols.subtracting(subprotocolsAskedFor).min() {
            return "it speaks the subprotocol \(name), which was not asked for"
        }
        return nil
    }

    /// One complete frame. The mask of zeros is valid, and the payload is neither secret nor an attack on caches.
    private static func frame(opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0x80 | opcode, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    }
}

/// The result of a WebSocket's opening handshake.
struct WebSocketAnswer {
    private let result: TransferResult
    private let answer: RawAnswer?

    init(_ result: TransferResult) {
        self.result = result
        answer = RawAnswer(result.body)
    }

    func conclusion(by classification: ProbeClassification) -> (outcome: ProbeOutcome, unmet: [UnmetExpectation]) {
        guard let answer else { return classification.conclusion(of: result) }
        let conclusion = classification.conclusion(of: answered(answer))
        // 101 means that a client which must be refused was accepted, whatever follows.
        let isEntry = !classification.question.isRefusal
        if isEntry, result.code == .weirdServerReply { return (.upgradeBroken, []) }
        if isEntry, answer.status == 101, result.code != .ok {
            return (.unmetExpectation, [.noPong])
        }
        guard conclusion.outcome == .unexpectedStatus, isAnswerWithoutUpgrade(answer) else { return conclusion }
        return (.upgradeLost, [])
    }

    /// Whether the response shows that the server received an ordinary request: it serves a page, requires an upgrade,
    /// or lists the versions of the protocol that it supports (RFC 6455 4.2.2). Any other 400 has another cause.
    private func isAnswerWithoutUpgrade(_ answer: RawAnswer) -> Bool {
        switch answer.status {
        case 200, 426: return true
        case 400:
            let body = String(decoding: answer.body, as: UTF8.self).lowercased()
            return answer.header("sec-websocket-version") != nil || body.contains("upgrade")
                || body.contains("websocket request") || body.contains("websocket handshake")
        default: return false
        }
    }

    /// The result as libcurl would have reported it.
    func answered(_ answer: RawAnswer) -> TransferResult {
        var result = result
        result.code = .ok
        result.status = answer.status
        result.headers = answer.headers
        result.body = answer.body
        result.httpVersion = "HTTP/1.1"
        return result
    }

    /// The result for `ProbeResult`.
    var shown: TransferResult { answer.map(answered) ?? result }

    /// Whether the frames contain a pong (0xA) with this payload (RFC 6455 5.2).
    static func holdsPong(_ frames: [UInt8], payload: [UInt8]) -> Bool {
        var rest = frames[...]
        while rest.count >= 2 {
            let opcode = rest[rest.startIndex] & 0x0F
            var length = Int(rest[rest.startIndex + 1] & 0x7F)
            var header = 2
            if length >= 126 {
                let octets = length == 126 ? 2 : 8
                guard rest.count >= 2 + octets else { return false }
                let bytes = rest[(rest.startIndex + 2)..<(rest.startIndex + 2 + octets)]
                length = bytes.reduce(0) { $0 << 8 | Int($1 & ($0 > 0xFFFF_FFFF ? 0 : 0xFF)) }
                header += octets
            }
            guard length <= rest.count - header else { return false }
            let start = rest.startIndex + header
            if opcode == 0xA, Array(rest[start..<(start + length)]) == payload { return true }
            rest = rest[(start + length)...]
        }
        return false
    }
}
