import Certificates
import OpenSSLBinding

/// Formats OBJECT IDENTIFIERs.
enum ObjectIdentifierText {
    /// `1.2.840.10045.4.3.2`, or the octets in hexadecimal when they are not a valid identifier.
    static func dotted(_ content: [UInt8]) -> String {
        ObjectIdentifier(content: content)?.dotted ?? "#" + content.hexadecimal
    }
}

/// The names of algorithms from OpenSSL. They are cached, since thousands of certificates use only a few.
final class AlgorithmNames {
    private var known: [[UInt8]: String] = [:]

    /// Signature algorithms that OpenSSL supports from 3.5 on (RFC 9881, RFC 9909): 2.16.840.1.101.3.4.3.17 and
    /// following.
    private static let postQuantum: [[UInt8]: String] = {
        let arc: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03]
        let names =
            ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]
            + ["SHA2", "SHAKE"].flatMap { hash in
                ["128s", "128f", "192s", "192f", "256s", "256f"].map { "SLH-DSA-\(hash)-\($0)" }
            }
        return Dictionary(uniqueKeysWithValues: names.enumerated().map { (arc + [UInt8(17 + $0.offset)], $0.element) })
    }()

    /// OpenSSL's name for the identifier with `content`, or the dotted form when OpenSSL has none.
    func name(_ content: [UInt8]) -> String {
        if let name = known[content] { return name }
        guard let identifier = ObjectIdentifier(content: content) else { return "#" + content.hexadecimal }
        // Only known names are cached, so that malicious certificates cannot make the cache grow.
        guard let name = identifier.name ?? Self.postQuantum[content] else { return identifier.dotted }
        known[content] = name
        return name
    }
}
