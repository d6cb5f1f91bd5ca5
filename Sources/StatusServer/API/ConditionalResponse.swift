import Certificates
import Hummingbird
import OpenSSLBinding

/// A document with an ETag (RFC 9110 8.8.3): a client that has it already is told so, and gets no body.
struct ConditionalResponse {
    private let text: String
    private let type: String

    init(_ text: String, type: String) {
        self.text = text
        self.type = type
    }

    /// - Throws: `OpenSSLError` when no digest can be computed.
    func response(to request: Request) throws -> Response {
        let bytes = Array(text.utf8)
        let tag = "\"\(try SHA256().digest(bytes.span).prefix(16).hexadecimal)\""
        let headers: HTTPFields = [.contentType: type, .eTag: tag, .cacheControl: "no-cache"]
        let known = request.headers[values: .ifNoneMatch].joined(separator: ",")
        guard !Self.contains(tag, in: known) else { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Whether the field `If-None-Match` names the tag. Weak tags count as well (RFC 9110 13.1.2).
    static func contains(_ tag: String, in field: String) -> Bool {
        field.split(separator: ",").contains { part in
            let named = part.drop { $0 == " " }
            return named == "*" || named == tag || named == "W/\(tag)"
        }
    }
}
