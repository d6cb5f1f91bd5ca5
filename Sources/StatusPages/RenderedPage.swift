import Certificates

/// A page or resource for a listener to send.
package struct RenderedPage: Hashable, Sendable {
    /// The status of the response.
    package let status: Int
    package let contentType: String
    package let body: String
    /// Whether a browser may keep it for a while.
    package let isResource: Bool

    /// The headers of every page and resource. Nothing runs, and nothing is loaded from elsewhere.
    package static let headers: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Vary", "Accept-Language"),
    ]

    /// The value of Cache-Control.
    package var cacheControl: String { isResource ? "private, max-age=300" : "no-store" }

    static func html(_ body: String, status: Int = 200) -> RenderedPage {
        RenderedPage(status: status, contentType: "text/html; charset=utf-8", body: body, isResource: false)
    }

    static func resource(_ body: String, contentType: String) -> RenderedPage {
        RenderedPage(status: 200, contentType: contentType, body: body, isResource: true)
    }
}
