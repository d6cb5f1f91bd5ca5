import CurlBinding

/// The expected response of an HTTP endpoint to accepted clients.
///
/// Texts may contain `ClientFacts.placeholders`, which are replaced by facts of the client certificate.
package struct AnswerExpectation: Hashable, Sendable {
    /// The required version of HTTP.
    package enum HTTPVersion: String, Hashable, Sendable, CaseIterable {
        case http1 = "1.1"
        case http2 = "2"

        var spoken: String { "HTTP/\(rawValue)" }
    }

    /// The lowest accepted version of TLS. Versions before 1.2 are never offered.
    package enum TLSFloor: String, Hashable, Sendable, CaseIterable {
        case tls12 = "1.2"
        case tls13 = "1.3"

        var version: TLSVersion { self == .tls12 ? .tls12 : .tls13 }
    }

    /// A required header, with its value if one is given.
    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String?

        package init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// A value in a JSON body.
    package struct JSONValue: Hashable, Sendable {
        package let path: JSONPath
        /// The value as text: `true`, `3`, `ok`.
        package let value: String

        package init(path: JSONPath, value: String) {
            self.path = path
            self.value = value
        }
    }

    /// The names that may be between `{{` and `}}` in a text.
    package static let placeholders = ClientFacts.Placeholder.allCases.map(\.rawValue)
    package static let defaultBodyLimit = 65_536

    package var statuses: StatusSet = [200]
    package var headers: [Header] = []
    /// The names of cookies that the response must set.
    package var cookies: [String] = []
    /// Texts that the body must contain.
    package var bodyTexts: [String] = []
    /// Regular expressions, each of which must match somewhere in the body.
    package var bodyPatterns: [String] = []
    package var jsonValues: [JSONValue] = []
    package var httpVersion: HTTPVersion?
    package var tlsFloor: TLSFloor?
    package var responseTimeMilliseconds: Int?
    /// The maximum number of bytes of a body that are read.
    package var bodyLimit = AnswerExpectation.defaultBodyLimit
    /// Whether a WebSocket must answer a ping.
    package var expectsPong = false

    package init() {}
}
