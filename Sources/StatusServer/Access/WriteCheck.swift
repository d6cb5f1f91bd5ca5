import Hummingbird

/// Who may change something, and how a request shows that it is meant (CSRF).
///
/// A bearer token is both: no browser sends one by itself. The password of the Basic scheme and a client certificate are
/// sent by a browser with every request, also with one that another site's page makes. Then the request needs a field
/// that such a page cannot set without asking first, which this listener never allows; and its origin must be this one
/// where the browser names it.
struct WriteCheck {
    static let proofField = "X-Notafter-Request"

    /// The names besides the request's own host that `Origin` may have, in lower case: a proxy may forward another host.
    let hosts: Set<String>

    /// - Throws: `Problem` with what is missing.
    func require(_ request: Request, from caller: Caller) throws {
        switch caller {
        case .bearer: return
        case .basic, .certificate: break
        case .anyone, .calendar:
            throw Problem(
                .forbidden,
                """
                Changes over HTTP need a client that is known: set listen.token_file, or listen.tls.client_ca, in the \
                configuration, restart the daemon, and send the token as Authorization: Bearer.
                """)
        }
        guard let name = HTTPFields.Element.Name(Self.proofField), request.headers[name]?.isEmpty == false else {
            throw Problem(
                .forbidden,
                """
                A browser sends this login or certificate by itself, also for other sites. Send the field \(Self.proofField): 1 as \
                well, or the token as Authorization: Bearer.
                """)
        }
        if let site = field("Sec-Fetch-Site", of: request), !["same-origin", "none"].contains(site) {
            throw Problem(.forbidden, "The page that made this request is of another site.")
        }
        if let origin = field("Origin", of: request), !isOwn(origin, authority: request.head.authority) {
            throw Problem(.forbidden, "The page that made this request is of another origin.")
        }
    }

    private func field(_ name: String, of request: Request) -> String? {
        HTTPFields.Element.Name(name).flatMap { request.headers[$0] }
    }

    /// Whether `origin`, as in `https://status.example.com`, is that of this listener.
    private func isOwn(_ origin: String, authority: String?) -> Bool {
        guard let separator = origin.firstRange(of: "://") else { return false }
        let named = origin[separator.upperBound...].lowercased()
        return named == authority?.lowercased() || hosts.contains(String(named.prefix { $0 != ":" }))
    }
}
