import Certificates
import Configuration
import Foundation
import Hummingbird
import Logging
import TransportSecurity

/// Finds out who sends a request, and refuses who proves nothing where the configuration demands a proof: the token of
/// `listen.token_file`, or a client certificate of `listen.tls.client_ca`. One of them is enough. Health is served without,
/// since a supervisor has no secret.
struct AccessCheck: RouterMiddleware {
    /// Read anew at each request, so that a new token counts at once. nil when no token is set.
    private let tokenFile: SecretFile?
    private let admitsClientCertificates: Bool
    private let time: any TimeSource
    private let logger: Logger

    init(_ settings: ListenSettings, time: any TimeSource, logger: Logger) {
        tokenFile = settings.tokenFile
        admitsClientCertificates = settings.admitsClientCertificates
        self.time = time
        self.logger = logger
    }

    func handle(
        _ request: Request, context: ListenerContext,
        next: (Request, ListenerContext) async throws -> Response
    ) async throws -> Response {
        guard tokenFile != nil || admitsClientCertificates, !Self.isPublic(request.uri.path) else {
            return try await next(request, context)
        }
        var context = context
        context.caller = try await caller(of: request, context)
        return try await next(request, context)
    }

    private func caller(of request: Request, _ context: ListenerContext) async throws -> Caller {
        if admitsClientCertificates,
            let subject = try await ClientCertificate.subject(of: context.channel, at: time.now)
        {
            return .certificate(subject: subject)
        }
        guard let tokenFile else {
            throw Problem(
                .forbidden, "A client certificate is required: present one that a CA of listen.tls.client_ca issued.")
        }
        let token: Secret
        do {
            token = try tokenFile.read()
        } catch {
            logger.error("token not readable; every request is refused", metadata: ["error": "\(error)"])
            throw Problem(.serviceUnavailable, "The file of the token cannot be read; the log of notafter says why.")
        }
        guard let given = Self.token(in: request),
            SecretComparison.areEqual(given.bytes, Array(token.exposed.utf8))
        else { throw refusal }
        return given.caller
    }

    private var refusal: Problem {
        let certificate =
            admitsClientCertificates ? ", or a client certificate that a CA of listen.tls.client_ca issued" : ""
        return Problem(
            .unauthorized,
            "A token is required: as Authorization: Bearer, or as the password of Basic\(certificate).",
            headers: [.wwwAuthenticate: "Basic realm=\"notafter\", charset=\"UTF-8\""])
    }

    private static func isPublic(_ path: String) -> Bool {
        (HealthRoutes.livenessPaths + HealthRoutes.readinessPaths).contains(path)
    }

    /// The token of a request. Calendars are subscribed to by their URL alone, so theirs may be in the query.
    private static func token(in request: Request) -> (bytes: [UInt8], caller: Caller)? {
        if let token = token(in: request.headers[.authorization] ?? "") { return token }
        guard request.uri.path == APIRoutes.calendarPath else { return nil }
        return Query(request).values("token").last.map { (Array($0.utf8), .calendar) }
    }

    /// The token in a field `Authorization`, with the scheme; nil for another one.
    static func token(in field: String) -> (bytes: [UInt8], caller: Caller)? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return (Array(parts[1].utf8), .bearer)
        case "basic":
            guard let decoded = Data(base64Encoded: String(parts[1])),
                let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            return (Array(decoded[decoded.index(after: colon)...]), .basic)
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
