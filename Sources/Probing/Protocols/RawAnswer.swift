import CurlBinding

/// An HTTP/1.1 response parsed from the connection (RFC 9112), without libcurl's HTTP.
struct RawAnswer {
    let status: Int
    let headers: [HeaderField]
    /// The length of status line, headers and the empty line.
    let headLength: Int
    /// The bytes after the headers so far, in their transfer coding.
    let body: [UInt8]

    /// - Returns: nil while the headers are incomplete, or when the bytes are not HTTP.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var lines = head.split(separator: "\r\n")[...]
        let parts = lines.popFirst()?.split(separator: " ") ?? []
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else { return nil }
        self.status = status
        headers = lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            return HeaderField(String(line[..<colon]), String(value))
        }
        headLength = end.upperBound
        body = Array(bytes[end.upperBound...])
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    /// Whether the whole body has arrived. False when only the end of the connection would show it.
    var isComplete: Bool {
        if let length = header("content-length").flatMap({ Int($0) }) { return body.count >= length }
        if header("transfer-encoding")?.lowercased() == "chunked" {
            return body.suffix(5) == Array("0\r\n\r\n".utf8)[...]
        }
        return status == 204 || status == 304
    }
}
