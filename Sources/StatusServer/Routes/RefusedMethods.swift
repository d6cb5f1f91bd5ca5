import Hummingbird

/// Answers methods that a path does not have by 405 with `Allow` (RFC 9110 15.5.6). Added after all other routes.
struct RefusedMethods {
    private static let methods =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
        + [HTTPRequest.Method("QUERY")].compactMap(\.self)

    func add(to router: Router<ListenerContext>) {
        let routes = Dictionary(grouping: router.routes, by: { "\($0.path)" })
        for (path, routes) in routes {
            var allowed = routes.map(\.method)
            if allowed.contains(.get) { allowed.append(.head) }
            let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem(.methodNotAllowed, "This path has \(names).", headers: [.allow: names])
                }
            }
        }
    }
}
