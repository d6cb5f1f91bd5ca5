/// The location of a private key on a token: a PKCS #11 URI (RFC 7512) such as
/// `pkcs11:token=gate;object=probe?pin-source=file:/etc/notafter/pin`.
package struct TokenURI: Hashable, Sendable {
    /// Why a text is not an acceptable URI. It does not contain the text, which may hold a PIN.
    package enum Defect: String, Error, Hashable, Sendable {
        case pin = "holds a PIN: write it into a file, and name that with pin-source=file:/PATH"
        case pinSource = "has a pin-source that is no absolute path, such as pin-source=file:/etc/notafter/pin"
        case attribute = "is no PKCS #11 URI, such as pkcs11:token=gate;object=probe?pin-source=file:/etc/notafter/pin"
    }

    /// The URI without its PIN attributes.
    package let object: String
    /// An absolute path. nil when the token needs no PIN.
    package let pinFile: String?

    /// Whether a text is meant as a token URI and not as a file.
    package static func isMeant(by text: String) -> Bool { text.lowercased().hasPrefix("pkcs11:") }

    package init(parsing text: String) throws(Defect) {
        guard Self.isMeant(by: text), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .attribute }
        let body = text.dropFirst("pkcs11:".count)
        // A PIN is refused anywhere, since libp11 treats `;`, `?` and `&` alike.
        let names = body.split { ";?&".contains($0) }.map { $0.prefix { $0 != "=" }.lowercased() }
        guard !names.contains("pin-value") else { throw .pin }
        let parts = body.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0]
        let attributes = path.split(separator: ";", omittingEmptySubsequences: false)
        guard attributes.allSatisfy({ $0.contains("=") && !$0.hasPrefix("=") }) else { throw .attribute }
        var query: [Substring] = []
        var pinFile: String?
        for attribute in parts.dropFirst().first?.split(separator: "&") ?? [] {
            switch attribute.prefix(while: { $0 != "=" }) {
            case "pin-source":
                guard let file = Self.file(named: attribute.dropFirst("pin-source=".count)) else { throw .pinSource }
                pinFile = file
            default: query.append(attribute)
            }
        }
        guard names.count(where: { $0 == "pin-source" }) == (pinFile == nil ? 0 : 1) else { throw .pinSource }
        self.object = "pkcs11:" + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        self.pinFile = pinFile
    }

    /// Accepts `file:/path`, `file:///path` and `/path`.
    private static func file(named source: Substring) -> String? {
        var path = source
        for prefix in ["file://", "file:"] where path.hasPrefix(prefix) {
            path = path.dropFirst(prefix.count)
            break
        }
        guard path.hasPrefix("/") else { return nil }
        var bytes: [UInt8] = []
        var rest = path.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
