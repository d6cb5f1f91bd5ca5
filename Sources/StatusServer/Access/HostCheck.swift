import Hummingbird

/// Refuses requests for other hosts. A web page can make its visitor's browser connect to this machine under a name of its
/// own (DNS rebinding); it cannot make the browser send another `Host`. Numeric addresses cannot be rebound.
struct HostCheck: RouterMiddleware {
    /// In lower case.
    let allowedNames: Set<String>

    func handle(
        _ request: Request, context: ListenerContext,
        next: (Request, ListenerContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, !authority.isEmpty else {
            throw Problem(.badRequest, "The request has no field Host.")
        }
        guard admits(authority) else {
            throw Problem(
                .misdirectedRequest,
                "notafter is not known by the name in the field Host: use a loopback address, or add it to listen.hosts."
            )
        }
        return try await next(request, context)
    }

    /// Whether `authority`, a host with or without a port, is a name of this server.
    func admits(_ authority: String) -> Bool {
        let host = Self.host(of: authority.lowercased())
        return host == "localhost" || allowedNames.contains(host) || Self.isNumeric(host)
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isNumeric(_ host: String) -> Bool {
        if host.hasPrefix("[") { return host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || ":.".contains($0) } }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
