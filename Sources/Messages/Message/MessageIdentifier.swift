import LedgerStorage
import OpenSSLBinding

/// The id of one message to one receiver: `webhook-id` of Standard Webhooks, by which a receiver can deduplicate.
///
/// It is a pure function of facts, so that it is the same at every attempt, after a crash, after the ledger was
/// restored or lost, and on another node.
package struct MessageIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// `na_` and 26 characters of a-z and 2-7: the first 130 bits of a SHA-256.
    package let description: String

    package init(of notice: NoticeIdentity, to receiver: String) throws {
        let reminder = notice.repetition > 0 ? ["reminder \(notice.repetition)"] : []
        description = try Self.hash(
            of: [
                "notafter/1", notice.subject.text, notice.kind.rawValue, String(notice.stage), String(notice.episode),
                receiver,
            ] + reminder)
    }

    /// The identifier of a digest: a hash of its members' identifiers.
    init(ofDigest members: [String]) throws {
        description = try Self.hash(of: ["digest/1"] + members.sorted())
    }

    /// In characters.
    static let length = 29

    /// The identifier of a message's minimal form, which differs because one identifier never has two bodies.
    static func minimal(_ identifier: String) -> String { identifier + "m" }

    /// `na_` and 26 characters of a hash of `facts`.
    package static func hash(of facts: [String]) throws -> String {
        // No fact holds a NUL, so no two lists of facts give the same bytes.
        let bytes = Array(facts.joined(separator: "\0").utf8)
        return "na_" + base32(try SHA256().digest(bytes.span)).prefix(26)
    }

    /// RFC 4648 base32 in lower case, without padding.
    private static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
