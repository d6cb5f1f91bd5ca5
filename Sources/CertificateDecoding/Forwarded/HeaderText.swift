/// Parses piped input: the bare value of a header, its line, or all header lines of a request.
struct HeaderText {
    private var values: [String: [UInt8]] = [:]
    private let bareValue: [UInt8]?

    init(_ bytes: [UInt8]) {
        var lines: [[UInt8]] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: true) {
            let line = line.last == 0x0D ? line.dropLast() : line
            // A line that begins with white space continues the previous one (RFC 9112 5.2), as in nginx's
            // $ssl_client_cert.
            if let first = line.first, first == 0x20 || first == 0x09, !lines.isEmpty {
                lines[lines.count - 1] += [0x0A] + line
            } else if !line.isEmpty {
                lines.append(Array(line))
            }
        }
        var isBare = false
        for line in lines {
            guard let (name, value) = Self.field(line) else {
                isBare = true
                continue
            }
            // Several lines with one name form one list (RFC 9110 5.3). If only one is allowed, the comma makes
            // decoding fail.
            values[name] = values[name].map { $0 + [UInt8(ascii: ",")] + value } ?? value
        }
        bareValue = isBare ? Self.trimmed(bytes[...]) : nil
    }

    /// The value of the header with this lower-case name. nil when there is none.
    subscript(name: String) -> [UInt8]? {
        values[name]
    }

    /// The whole text, when it does not consist of header lines.
    var bare: [UInt8]? { bareValue }

    private static func field(_ line: [UInt8]) -> (name: String, value: [UInt8])? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return nil }
        let name = line[..<colon]
        guard name.allSatisfy(isTokenCharacter) else { return nil }
        return (String(decoding: name, as: UTF8.self).lowercased(), trimmed(line[(colon + 1)...]))
    }

    /// RFC 9110 5.6.2
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        guard let start = bytes.firstIndex(where: { !isSpace($0) }), let end = bytes.lastIndex(where: { !isSpace($0) })
        else { return [] }
        return Array(bytes[start...end])
    }
}
