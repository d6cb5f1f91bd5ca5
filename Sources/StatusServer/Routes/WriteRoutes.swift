import Hummingbird
import LedgerStorage
import Logging

/// What changes something: `/-/reload`, `/-/scan`, silences and deliveries.
struct WriteRoutes {
    let content: any APIContent
    let check: WriteCheck
    /// One change at a time, so that two equal requests cannot both find nothing.
    let turnstile = Turnstile()
    let logger: Logger

    func add(to router: Router<ListenerContext>) {
        add("/-/reload", .post, to: router) { _, _ in .reload }
        add("/-/scan", .post, to: router) { _, _ in .scan }
        add("/api/v1/silences", .post, to: router) { request, context in
            .addSilence(try SilenceRequest(await JSONObject(request), from: context.caller))
        }
        add("/api/v1/silences/{id}", .delete, to: router) { .endSilence(try Self.id($1)) }
        add("/api/v1/deliveries/{id}/retry", .post, to: router) { .retryDelivery(try Self.id($1)) }
        add("/api/v1/deliveries/{id}/cancel", .post, to: router) { .cancelDelivery(try Self.id($1)) }
    }

    private func add(
        _ path: RouterPath, _ method: HTTPRequest.Method, to router: Router<ListenerContext>,
        _ intervention: @escaping @Sendable (Request, ListenerContext) async throws -> Intervention
    ) {
        router.on(path, method: method) { request, context in
            try self.check.require(request, from: context.caller)
            return try await self.perform(try await intervention(request, context), for: context.caller)
        }
    }

    private static func id(_ context: ListenerContext) throws -> Int64 {
        guard let id = Int64(try context.parameters.require("id")), id > 0 else {
            throw Problem(.badRequest, "The number of a silence or delivery is a whole number from 1.")
        }
        return id
    }

    private func perform(_ intervention: Intervention, for caller: Caller) async throws -> Response {
        let outcome: InterventionOutcome
        do {
            outcome = try await turnstile.pass { [content] in try await content.perform(intervention) }
        } catch let error as LedgerError {
            logger.warning("request not answered", metadata: ["error": "\(error)"])
            throw Problem(.serviceUnavailable, "The ledger cannot be written now; the log of notafter says why.")
        }
        logger.notice(
            "order over HTTP",
            metadata: [
                "order": "\(intervention.words)", "by": "\(caller.words)", "outcome": "\(outcome.word)",
            ])
        return try outcome.response
    }
}

extension InterventionOutcome {
    fileprivate var word: String {
        switch self {
        case .done, .created: "done"
        case .accepted: "accepted"
        case .refused: "refused"
        }
    }

    fileprivate var response: Response {
        get throws {
            switch self {
            case .done(let json): Self.response(json, .ok)
            case .created(let json, let path): Self.response(json, .created, [.location: path])
            case .accepted(let json): Self.response(json, .accepted)
            case .refused(.unknown, let reason): throw Problem(.notFound, reason)
            case .refused(.conflict, let reason): throw Problem(.conflict, reason)
            case .refused(.invalid, let reason): throw Problem(.unprocessableContent, reason)
            }
        }
    }

    private static func response(_ json: String, _ status: HTTPResponse.Status, _ further: HTTPFields = [:]) -> Response
    {
        var headers = further
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: json + "\n")))
    }
}

extension Intervention {
    fileprivate var words: String {
        switch self {
        case .reload: "reload"
        case .scan: "scan"
        case .addSilence: "silence add"
        case .endSilence(let id): "silence expire \(id)"
        case .retryDelivery(let id): "deliveries retry \(id)"
        case .cancelDelivery(let id): "deliveries cancel \(id)"
        }
    }
}

extension Caller {
    fileprivate var words: String {
        switch self {
        case .anyone: "anyone"
        case .bearer, .basic, .calendar: "token"
        case .certificate(let subject): "certificate \(subject)"
        }
    }
}
