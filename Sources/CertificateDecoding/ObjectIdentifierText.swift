import Certificates
import OpenSSLBinding

/// OBJECT IDENTIFIERs as text.
enum ObjectIdentifierText {
    /// `1.2.840.10045.4.3.2`, or the octets in hexadecimal where they are no identifier.
    static func dotted(_ content: [UInt8]) -> String {
        ObjectIdentifier(content: content)?.dotted ?? "#" + content.hexadecimal
    }
}

/// The names of algorithms, asked of OpenSSL once for each: a handful serves thousands of certificates.
final class AlgorithmNames {
    private var known: [[UInt8]: String] = [:]

    /// OpenSSL's name for the identifier with `content`, or its dotted form where OpenSSL has none.
    func name(_ content: [UInt8]) -> String {
        if let name = known[content] { return name }
        guard let identifier = ObjectIdentifier(content: content) else { return "#" + content.hexadecimal }
        // Only OpenSSL's own names are kept, so that hostile certificates cannot make this grow.
        guard let name = identifier.name else { return identifier.dotted }
        known[content] = name
        return name
    }
}
