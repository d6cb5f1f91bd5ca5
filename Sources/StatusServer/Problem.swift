import Foundation
import Hummingbird

/// Why a request is refused, as RFC 9457 has it.
struct Problem: Error {
    let status: HTTPResponse.Status
    /// For people; nil if the status says it all.
    let detail: String?
    let headers: HTTPFields

    init(_ status: HTTPResponse.Status, _ detail: String?, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    var response: Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    private var body: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let object = ProblemObject(title: status.reasonPhrase, status: status.code, detail: detail)
        // Three fields of text and number cannot fail to encode; the status alone says enough.
        return (try? encoder.encode(object)).map(Array.init) ?? []
    }
}

private struct ProblemObject: Encodable {
    let title: String
    let status: Int
    let detail: String?
}
