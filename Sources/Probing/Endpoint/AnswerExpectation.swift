import CurlBinding

/// What an endpoint that speaks HTTP should answer to those whom it lets in.
///
/// Texts may hold `ClientFacts.placeholders`, which stand for facts of the client certificate that was shown.
package struct AnswerExpectation: Hashable, Sendable {
    /// The version of HTTP that must be spoken.
    package enum HTTPVersion: String, Hashable, Sendable, CaseIterable {
        case http1 = "1.1"
        case http2 = "2"

        var spoken: String { "HTTP/\(rawValue)" }
    }

    /// The oldest version of TLS that may be spoken; older ones than 1.2 are never offered.
    package enum TLSFloor: String, Hashable, Sendable, CaseIterable {
        case tls12 = "1.2"
        case tls13 = "1.3"

        var version: TLSVersion { self == .tls12 ? .tls12 : .tls13 }
    }

    /// A header that must be there; with this value, where one is given.
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
        /// As text: `true`, `3`, `ok`.
        package let value: String

        package init(path: JSONPath, value: String) {
            self.path = path
            self.value = value
        }
    }

    /// What may stand between `{{` and `}}` in a text.
    package static let placeholders = ClientFacts.Placeholder.allCases.map(\.rawValue)
    package static let defaultBodyLimit = 65_536

    package var statuses: StatusSet = [200]
    package var headers: [Header] = []
    /// Names of cookies that must be set.
    package var cookies: [String] = []
    /// Parts of the body.
    package var bodyTexts: [String] = []
    /// Regular expressions, each of which must match somewhere in the body.
    package var bodyPatterns: [String] = []
    package var jsonValues: [JSONValue] = []
    package var httpVersion: HTTPVersion?
    package var tlsFloor: TLSFloor?
    package var responseTimeMilliseconds: Int?
    /// More of a body than this is not read; in bytes.
    package var bodyLimit = AnswerExpectation.defaultBodyLimit
    /// Whether a WebSocket must answer a ping.
    package var expectsPong = false

    package init() {}
}
