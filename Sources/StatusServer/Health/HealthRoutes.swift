import Certificates
import Hummingbird

/// `/-/healthy` and `/-/ready`, as Prometheus and Alertmanager have them, and `/healthz` and `/readyz`, as Kubernetes
/// expects them. They need no token and say nothing of what is watched.
struct HealthRoutes {
    static let livenessPaths = ["/-/healthy", "/healthz"]
    static let readinessPaths = ["/-/ready", "/readyz"]

    let state: DaemonState
    let time: any TimeSource

    func add(to router: Router<ListenerContext>) {
        for path in Self.livenessPaths {
            router.get(RouterPath(path)) { _, _ in
                Health.liveness(self.state.current, at: self.time.now).response
            }
        }
        for path in Self.readinessPaths {
            router.get(RouterPath(path)) { _, _ in
                Health.readiness(self.state.current, at: self.time.now).response
            }
        }
    }
}

extension Health {
    fileprivate var response: Response {
        switch self {
        case .good(let text): .text(text, status: .ok)
        case .bad(let text): .text(text, status: .serviceUnavailable)
        }
    }
}

extension Response {
    /// One line of plain text that is never stored.
    static func text(_ line: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: line + "\n")))
    }
}
