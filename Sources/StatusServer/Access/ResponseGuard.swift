import Hummingbird
import Logging

/// The outermost step: turns errors into problems (RFC 9457), and gives every response the fields that keep browsers from
/// reading more into it than there is.
struct ResponseGuard: RouterMiddleware {
    /// The longest path with its query. The parser bounds the rest of the head.
    private static let longestURI = 8_192

    /// Fields that swift-http-types has no constants for. Their names are valid, so none is nil.
    private static let furtherFields = [
        (HTTPFields.Element.Name("Referrer-Policy"), "no-referrer"),
        (HTTPFields.Element.Name("Cross-Origin-Resource-Policy"), "same-origin"),
    ]

    let logger: Logger

    func handle(
        _ request: Request, context: ListenerContext,
        next: (Request, ListenerContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            guard request.uri.string.utf8.count <= Self.longestURI else {
                throw Problem(.uriTooLong, "The URL has more than \(Self.longestURI) bytes.")
            }
            response = try await next(request, context)
        } catch let problem as Problem {
            response = problem.response
        } catch let error as any HTTPResponseError {
            let detail = error.status == .notFound ? "There is nothing at this path." : nil
            response = Problem(error.status, detail).response
        } catch {
            logger.error("request failed", metadata: ["error": "\(error)"])
            response = Problem(.internalServerError, "The request failed; the log of notafter says why.").response
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        for (name, value) in Self.furtherFields {
            if let name { response.headers[name] = value }
        }
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        return response
    }

}
