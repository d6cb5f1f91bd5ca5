import AllocatorBinding
import Certificates
import Hummingbird
import LedgerStorage
import Logging
import Metrics

/// `/metrics`, in the format that the client prefers.
struct MetricsRoute {
    let collector: MetricsCollector
    let logger: Logger

    func add(to router: Router<ListenerContext>) {
        router.get("/metrics") { request, _ in try await self.response(to: request) }
    }

    private func response(to request: Request) async throws -> Response {
        let format = ExpositionFormat(accept: request.headers[values: .accept].joined(separator: ","))
        let families: [MetricFamily]
        do {
            families = try await collector.families()
        } catch let error as LedgerError {
            logger.warning("metrics not served", metadata: ["error": "\(error)"])
            throw Problem(.serviceUnavailable, "The ledger cannot be read now; the log of notafter says why.")
        }
        return Response(
            status: .ok, headers: [.contentType: format.contentType, .cacheControl: "no-store"],
            body: ResponseBody { writer in
                for piece in ExpositionText(families, in: format) { try await writer.write(ByteBuffer(string: piece)) }
                try await writer.finish(nil)
                FreeMemory.release()
            })
    }
}

/// Collects metrics. Scrapes at the same time share one reading of the ledger, however many there are.
actor MetricsCollector {
    private let state: DaemonState
    private let ledger: Ledger
    private let time: any TimeSource
    private let version: String
    private var reading: Task<[MetricFamily], any Error>?

    init(state: DaemonState, ledger: Ledger, time: any TimeSource, version: String) {
        self.state = state
        self.ledger = ledger
        self.time = time
        self.version = version
    }

    /// - Throws: `LedgerError`.
    func families() async throws -> [MetricFamily] {
        if let reading { return try await reading.value }
        let task = Task { try await read() }
        reading = task
        defer { reading = nil }
        return try await task.value
    }

    private func read() async throws -> [MetricFamily] {
        let moment = state.current
        let counters = state.counters
        let metrics = LedgerMetrics(
            LedgerMetrics.Settings(mostObjects: moment.settings.certificateSeries, version: version),
            plan: moment.settings.plan, at: time.now)
        let families = try await ledger.snapshot { snapshot in
            try counters.countNotices(in: snapshot)
            return try metrics.families(of: snapshot)
        }
        let kinds = Set(moment.settings.receivers.map(\.kind.rawValue))
        return families + counters.families(receiverKinds: kinds) + moment.families
    }
}

extension DaemonState.Moment {
    /// Whether the configuration in use is the one in the file.
    fileprivate var families: [MetricFamily] {
        var success = MetricFamily(
            "notafter_config_reload_success", help: "Whether the last reading of the configuration succeeded.")
        success.add(Int64(reload == .succeeded ? 1 : 0))
        var readAt = MetricFamily(
            "notafter_config_last_reload_success_timestamp_seconds",
            help: "When the configuration in use was read, in seconds since 1970.")
        readAt.add(configuredAt.seconds)
        return [success, readAt]
    }
}
