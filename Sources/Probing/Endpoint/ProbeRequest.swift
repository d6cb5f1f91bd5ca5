import CurlBinding

/// The request of a probe of an HTTP endpoint.
package struct ProbeRequest: Hashable, Sendable {
    /// In capitals (RFC 9110 9).
    package var method = "GET"
    /// In addition to the headers that every request has.
    package var headers: [HeaderField] = []
    package var body: String?

    package init() {}

    /// The method for `Transfer`.
    var transferMethod: Transfer.Method {
        switch (method, body) {
        case ("GET", nil): .get
        case ("POST", let body): .post(body: Array((body ?? "").utf8))
        case (let method, let body): .named(method, body: body.map { Array($0.utf8) })
        }
    }
}
