import Certificates
import Foundation
import Hummingbird
import Logging
import TransportSecurity

/// Requires the token of `listen.token_file`: as a bearer token, or as the password of HTTP's Basic scheme, which browsers
/// and calendars can send. Health is served without it, since a supervisor has no secret.
struct TokenCheck: RouterMiddleware {
    /// Read anew at each request, so that a new token counts at once.
    let file: SecretFile
    let logger: Logger

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard !Self.isPublic(request.uri.path) else { return try await next(request, context) }
        let token: Secret
        do {
            token = try file.read()
        } catch {
            logger.error("token not readable; every request is refused", metadata: ["error": "\(error)"])
            throw Problem(.serviceUnavailable, "The file of the token cannot be read; the log of notafter says why.")
        }
        guard let given = Self.token(in: request),
            SecretComparison.areEqual(given, Array(token.exposed.utf8))
        else {
            throw Problem(
                .unauthorized, "A token is required: as Authorization: Bearer, or as the password of Basic.",
                headers: [.wwwAuthenticate: "Basic realm=\"notafter\", charset=\"UTF-8\""])
        }
        return try await next(request, context)
    }

    private static func isPublic(_ path: String) -> Bool {
        (HealthRoutes.livenessPaths + HealthRoutes.readinessPaths).contains(path)
    }

    /// The token of a request. Calendars are subscribed to by their URL alone, so theirs may be in the query.
    private static func token(in request: Request) -> [UInt8]? {
        if let token = token(in: request.headers[.authorization] ?? "") { return token }
        guard request.uri.path == APIRoutes.calendarPath else { return nil }
        return Query(request).values("token").last.map { Array($0.utf8) }
    }

    /// The token in a field `Authorization`; nil for another scheme.
    static func token(in field: String) -> [UInt8]? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return Array(parts[1].utf8)
        case "basic":
            guard let decoded = Data(base64Encoded: String(parts[1])),
                let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            return Array(decoded[decoded.index(after: colon)...])
        default: return nil
        }
    }
}

/// Compares secrets in a time that depends on their lengths alone.
enum SecretComparison {
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
