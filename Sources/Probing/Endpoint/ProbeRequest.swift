import CurlBinding

/// What is asked of an endpoint that speaks HTTP.
package struct ProbeRequest: Hashable, Sendable {
    /// In capitals (RFC 9110 9).
    package var method = "GET"
    /// Besides those that the request needs anyway.
    package var headers: [HeaderField] = []
    package var body: String?

    package init() {}

    /// As the transfer has it.
    var transferMethod: Transfer.Method {
        switch (method, body) {
        case ("GET", nil): .get
        case ("POST", let body): .post(body: Array((body ?? "").utf8))
        case (let method, let body): .named(method, body: body.map { Array($0.utf8) })
        }
    }
}
