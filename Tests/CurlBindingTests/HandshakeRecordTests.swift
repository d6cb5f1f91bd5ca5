import CurlBinding
import Testing

@Suite struct `Record of a handshake` {
    /// A handshake message: its type, a 24-bit length, its body.
    private func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type] + vector(3, body)
    }

    private func vector(_ lengthOctets: Int, _ content: [UInt8]) -> [UInt8] {
        let length = (0..<lengthOctets).reversed().map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }
        return length + content
    }

    private func serverHello(extensions: [UInt8]) -> [UInt8] {
        let random = [UInt8](repeating: 7, count: 32)
        return message(2, [0x03, 0x03] + random + vector(1, []) + [0x13, 0x01, 0x00] + vector(2, extensions))
    }

    private var tls13: [UInt8] { serverHello(extensions: [0, 43] + vector(2, [0x03, 0x04])) }

    @Test func `the version is that of the extension, or else the old field`() {
        var record = HandshakeRecord()
        record.receive(serverHello(extensions: []))
        #expect(record.version == .tls12)
        record.receive(tls13)
        #expect(record.version == .tls13)
    }

    @Test func `certificates are read in the form of either version`() {
        var old = HandshakeRecord(version: .tls12)
        old.receive(message(11, vector(3, vector(3, [1, 2]) + vector(3, [3]))))
        #expect(old.presentedChain == [[1, 2], [3]])
        var new = HandshakeRecord(version: .tls13)
        let entries = vector(3, [1, 2]) + vector(2, []) + vector(3, [3]) + vector(2, [0, 5, 0, 0])
        new.receive(message(11, vector(1, []) + vector(3, entries)))
        #expect(new.presentedChain == [[1, 2], [3]])
    }

    @Test func `the CAs that a server takes are read in the form of either version`() {
        let names = vector(2, vector(2, [0x30, 0]) + vector(2, [0x30, 1, 5]))
        var old = HandshakeRecord(version: .tls12)
        old.receive(message(13, vector(1, [1, 64]) + vector(2, [4, 3]) + names))
        #expect(old.certificateRequested)
        #expect(old.acceptableAuthorities == [[0x30, 0], [0x30, 1, 5]])
        #expect(old.signatureSchemes == [0x0403])
        var new = HandshakeRecord(version: .tls13)
        let extensions = [0, 13] + vector(2, [0, 2, 4, 3]) + [0, 47] + vector(2, names)
        new.receive(message(13, vector(1, []) + vector(2, extensions)))
        #expect(new.certificateRequested)
        #expect(new.acceptableAuthorities == [[0x30, 0], [0x30, 1, 5]])
        #expect(new.signatureSchemes == [0x0403])
    }

    @Test func `what the client sent is counted in the form of either version`() {
        var old = HandshakeRecord(version: .tls12)
        #expect(old.certificatesSent == nil)
        old.note(sent: message(11, vector(3, [])))
        #expect(old.certificatesSent == 0)
        old.note(sent: message(11, vector(3, vector(3, [1]) + vector(3, [2]))))
        #expect(old.certificatesSent == 2)
        old.note(sent: message(20, [1]))
        #expect(old.certificatesSent == 2)
        #expect(old.presentedChain.isEmpty)
        var new = HandshakeRecord(version: .tls13)
        new.note(sent: message(11, vector(1, []) + vector(3, [])))
        #expect(new.certificatesSent == 0)
    }

    @Test func `an alert is recorded, but neither a warning nor the peaceful end of a connection`() {
        var record = HandshakeRecord(version: .tls12)
        record.receive(alert: [1, 112])
        record.receive(alert: [1, 0])
        record.receive(alert: [2, 90])
        #expect(record.alertsReceived == [])
        record.receive(alert: [2, 45])
        #expect(record.alertsReceived == [45])
    }

    @Test func `TLS 1.3 does not heed the level of an alert`() {
        var record = HandshakeRecord(version: .tls13)
        record.receive(alert: [1, 0])
        record.receive(alert: [1, 116])
        #expect(record.alertsReceived == [116])
    }

    @Test func `a flood of alerts does not fill the memory`() {
        var record = HandshakeRecord()
        for _ in 0..<1_000 {
            record.receive(alert: [2, 80])
        }
        #expect(record.alertsReceived.count == 16)
    }

    @Test func `messages of no interest and alerts of no level are passed over`() {
        var record = HandshakeRecord()
        record.receive([22, 3, 3, 0, 122])
        record.receive([22])
        record.receive([])
        record.receive(alert: [])
        record.receive(alert: [3, 40])
        record.receive(alert: [2, 40, 0])
        #expect(record == HandshakeRecord())
    }

    @Test func `a message that is cut short or too long anywhere does no harm`() {
        let whole = [
            tls13, message(11, vector(1, []) + vector(3, vector(3, [1, 2]) + vector(2, []))),
            message(13, vector(1, []) + vector(2, [0, 47] + vector(2, vector(2, vector(2, [0x30, 0]))))),
        ]
        for bytes in whole {
            for count in 0...bytes.count {
                // The outer length is correct, the inner ones are not.
                let body = Array(bytes[4...].prefix(max(0, count - 4)))
                for version in [TLSVersion.tls12, .tls13] {
                    var record = HandshakeRecord(version: version)
                    record.receive(message(bytes[0], body))
                    record.receive(Array(bytes.prefix(count)))
                    record.receive(bytes + [0])
                    #expect(record.presentedChain.count <= 1)
                }
            }
        }
    }
}

extension HandshakeRecord {
    fileprivate mutating func receive(_ message: [UInt8]) { message.withUnsafeBytes { receive($0) } }
    fileprivate mutating func receive(alert: [UInt8]) { alert.withUnsafeBytes { receive(alert: $0) } }
    fileprivate mutating func note(sent message: [UInt8]) { message.withUnsafeBytes { note(sent: $0) } }
}
