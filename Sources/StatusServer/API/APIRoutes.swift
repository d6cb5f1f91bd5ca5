import AllocatorBinding
import Certificates
import Foundation
import Hummingbird
import LedgerStorage
import Logging

/// `/api/v1` and `/calendar.ics`.
struct APIRoutes {
    static let calendarPath = "/calendar.ics"
    /// The longest calendar, in days.
    private static let calendarDays = 1...400

    let content: any APIContent
    /// One document is made at a time: a large one takes memory, and clients are many.
    let turnstile = Turnstile()
    let logger: Logger

    func add(to router: Router<ListenerContext>) {
        let group = router.group("/api/v1")
        group.get("/status") { request, _ in try await self.json(.status, request) }
        group.get("/certificates") { request, _ in
            try await self.json(.certificates(try Query(request).page), request)
        }
        group.get("/certificates/{fingerprint}") { request, context in
            guard let fingerprint = Fingerprint(hexadecimal: try context.parameters.require("fingerprint")) else {
                throw Problem(.badRequest, "A fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits.")
            }
            return try await self.json(.certificate(fingerprint), request)
        }
        group.get("/endpoints") { request, _ in try await self.json(.endpoints, request) }
        group.get("/endpoints/{name}") { request, context in
            try await self.json(.endpoint(try context.parameters.require("name")), request)
        }
        group.get("/deliveries") { request, _ in
            let query = Query(request)
            return try await self.json(.deliveries(try query.states, try query.page), request)
        }
        group.get("/silences") { request, _ in try await self.json(.silences, request) }
        group.get("/findings") { request, _ in try await self.json(.findings, request) }
        router.get(RouterPath(Self.calendarPath)) { request, _ in try await self.calendar(request) }
    }

    private func json(_ resource: APIResource, _ request: Request) async throws -> Response {
        let text = try await made { try await content.json(of: resource) }
        guard let text else { throw Problem(.notFound, "The ledger knows nothing of this name or fingerprint.") }
        return try ConditionalResponse(text + "\n", type: "application/json").response(to: request)
    }

    private func calendar(_ request: Request) async throws -> Response {
        let days = try Query(request).number("days", within: Self.calendarDays) ?? 90
        let text = try await made { try await content.calendar(days: days) }
        return try ConditionalResponse(text, type: "text/calendar; charset=utf-8").response(to: request)
    }

    private func made<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            // A document of many certificates takes memory while it is made.
            defer { FreeMemory.release() }
            return try await turnstile.pass(body)
        } catch let error as LedgerError {
            logger.warning("request not answered", metadata: ["error": "\(error)"])
            throw Problem(.serviceUnavailable, "The ledger cannot be read now; the log of notafter says why.")
        }
    }
}

/// Lets one task at a time do its work, in the order of arrival.
actor Turnstile {
    private var last: Task<Void, Never>?

    /// Does `body` after all that came before.
    func pass<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let previous = last
        let work = Task {
            await previous?.value
            return try await body()
        }
        // The next one waits for the end of this one, whatever it is.
        last = Task { _ = await work.result }
        return try await work.value
    }
}
