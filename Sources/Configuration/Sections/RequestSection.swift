import CurlBinding
import Probing

/// `endpoints[].request`
enum RequestSection {
    enum Key: String, CaseIterable {
        case method, headers, body
    }

    /// Headers that libcurl or the protocol sets. A duplicate would make the request ambiguous.
    private static let reserved = ["content-length", "transfer-encoding", "connection", "upgrade", "expect"]

    static func read(_ cursor: Cursor, kind: ProbeProtocol) -> ProbeRequest {
        var request = ProbeRequest()
        guard let section = Section<Key>(cursor) else { return request }
        if let method = section[.method]?.httpMethod() { request.method = method }
        request.headers = section[.headers]?.headerFields().map { HeaderField($0.name, $0.value) } ?? []
        request.body = section[.body]?.text()
        if kind == .wss {
            for key in [Key.method, .body] where section[key] != nil {
                section[key]?.report("a WebSocket is opened by a GET without a body (RFC 6455 4.1)")
            }
        }
        if request.body != nil, ["GET", "HEAD"].contains(request.method) {
            section[.body]?.report("needs a method that has a body, such as POST")
        }
        return request
    }

    fileprivate static func isReserved(_ name: String) -> Bool { reserved.contains(name.lowercased()) }
}

extension Cursor {
    /// `[A-Z]+`
    fileprivate func httpMethod() -> String? {
        guard let text = text() else { return nil }
        guard text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }), !["CONNECT", "TRACE"].contains(text) else {
            report("\(quoted(text)) is not a method such as GET, HEAD or POST")
            return nil
        }
        return text
    }

    /// A mapping of header names (RFC 9110 5.1) to texts.
    fileprivate func headerFields() -> [(name: String, value: String)] {
        (entries() ?? []).compactMap { name, value in
            guard isHeaderName(name), !RequestSection.isReserved(name) else {
                value.reportAtKey("is no header that can be set")
                return nil
            }
            return value.cursor.scalarText().map { (name, $0) }
        }
    }
}

/// A token (RFC 9110 5.6.2).
func isHeaderName(_ text: String) -> Bool {
    let marks = Set("!#$%&'*+-.^_`|~")
    return !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
}
