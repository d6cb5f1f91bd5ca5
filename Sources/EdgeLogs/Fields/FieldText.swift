import CertificateDecoding
import Foundation

/// Decodes the values of fields.
enum FieldText {
    /// The bytes of a value, without its escapes.
    static func bytes(
        _ range: Range<Int>, of line: borrowing Span<UInt8>, _ escaping: ReportedFields.Escaping
    ) -> [UInt8] {
        let bytes = line.bytes(range)
        guard escaping != .none, bytes.contains(UInt8(ascii: "\\")) else { return bytes }
        switch escaping {
        case .none: return bytes
        case .json: return unescapedJSON(bytes) ?? bytes
        case .hexadecimal: return unescaped(bytes, hexadecimal: true)
        case .backslash: return unescaped(bytes, hexadecimal: false)
        }
    }

    /// The text of a value, without its escapes.
    static func text(
        _ range: Range<Int>, of line: borrowing Span<UInt8>, _ escaping: ReportedFields.Escaping
    ) -> String {
        String(decoding: bytes(range, of: line, escaping), as: UTF8.self)
    }

    private static func unescapedJSON(_ bytes: [UInt8]) -> [UInt8]? {
        let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        return (try? JSONDecoder().decode(String.self, from: Data(quoted))).map { Array($0.utf8) }
    }

    private static func unescaped(_ bytes: [UInt8], hexadecimal: Bool) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                plain.append(bytes[index])
                index += 1
                continue
            }
            if hexadecimal, bytes[index + 1] == UInt8(ascii: "x"), index + 3 < bytes.count,
                let octet = UInt8(String(decoding: bytes[(index + 2)...(index + 3)], as: UTF8.self), radix: 16)
            {
                plain.append(octet)
                index += 4
            } else {
                plain.append(bytes[index + 1])
                index += 2
            }
        }
        return plain
    }
}
