import Certificates
import Configuration
import CurlBinding
import LedgerStorage
import Logging
import Metrics
import ServiceLifecycle
import StatusServer
import TestSupport

/// A listener with the state of a daemon and an empty ledger, without the daemon.
final class ServedDaemon: Sendable {
    static let start = Instant(seconds: 1_800_000_000)

    let directory: TemporaryDirectory
    let time = ManualTime(start)
    let settings: Settings
    let ledger: Ledger
    let state: DaemonState
    let server: StatusServer
    private let transfers: TransferLoop

    /// `listen` is the value in the configuration; the token file `token` is in its directory, and what `prepare` writes.
    init(
        listen: String = "127.0.0.1:0", limits: ConnectionLimits = ConnectionLimits(),
        prepare: (TemporaryDirectory) throws -> Void = { _ in }
    ) throws {
        directory = try TemporaryDirectory()
        try directory.makeDirectory("pki")
        try directory.write("s3cret-token\n", to: "token")
        try prepare(directory)
        let file = try directory.write(
            """
            certificates: [{ name: fleet, role: client, paths: [pki] }]
            listen: \(listen)
            """, to: "notafter.yaml")
        settings = try SettingsFile.load(path: file)
        guard let listen = settings.listen else { throw NotListening(description: "nothing to listen on") }
        ledger = try Ledger(sqliteFile: directory.path(of: "notafter.db"))
        state = DaemonState(settings: settings, at: time.now, counters: ActivityCounters(after: 0))
        server = try StatusServer(
            listen, state: state, ledger: ledger, time: time, content: EchoedContent(), version: "1.2.3",
            limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        transfers = try TransferLoop()
    }

    /// Serves while `body` runs, and then shuts down gracefully.
    func serving<Value: Sendable>(
        _ body: @escaping @Sendable (ListenAddress) async throws -> Value
    ) async throws -> Value {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            guard let address = await server.waitUntilListening() else {
                throw NotListening(description: "cancelled")
            }
            do {
                let value = try await body(address)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return value
            } catch {
                tasks.cancelAll()
                throw error
            }
        }
    }

    /// The answer to a GET, or to another method.
    func get(
        _ path: String, at address: ListenAddress, host: String? = nil, _ headers: [HeaderField] = [],
        method: Transfer.Method = .get
    ) async -> TransferResult {
        var transfer = Transfer(
            url: "http://\(address)\(path)", method: method, headers: headers, maximumBodyBytes: 1 << 24,
            schemes: .httpsOrHTTP)
        if case .unixSocket(let socket) = address {
            transfer.url = "http://localhost\(path)"
            transfer.unixSocket = socket
        }
        if let host { transfer.headers.append(HeaderField("Host", host)) }
        return await transfers.perform(transfer)
    }
}

/// Documents that say what was asked for.
struct EchoedContent: APIContent {
    func json(of resource: APIResource) async throws -> String? {
        switch resource {
        case .endpoint("unknown"): nil
        case .endpoint("broken"): throw LedgerError("ledger /var/lib/notafter.db: disk I/O error")
        default: "\(resource)"
        }
    }

    func calendar(days: Int) async throws -> String { "calendar of \(days) days" }

    func perform(_ intervention: Intervention) async throws -> InterventionOutcome {
        switch intervention {
        case .reload, .cancelDelivery: .done(json: "\(intervention)")
        case .scan: .accepted(json: "\(intervention)")
        case .addSilence: .created(json: "\(intervention)", path: "/api/v1/silences/1")
        case .endSilence: .refused(.unknown, reason: "unknown")
        case .retryDelivery(1): .refused(.conflict, reason: "held")
        case .retryDelivery(2): .refused(.invalid, reason: "invalid")
        case .retryDelivery: throw LedgerError("ledger /var/lib/notafter.db: disk I/O error")
        }
    }

    func answer(to question: AdmissionRequest) async throws -> AdmissionAnswer {
        let lines = question.lines.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
        switch question.registration {
        case "open":
            guard let fingerprint = Fingerprint(hexadecimal: Self.digits) else { return .refused(reason: "no digits") }
            return .accepted(subject: "CN=\(lines)", fingerprint: fingerprint)
        case "unknown": return .unanswerable(reason: "there is no registration named unknown")
        case "broken": throw LedgerError("ledger /var/lib/notafter.db: disk I/O error")
        default: return .refused(reason: "\(question.header): \(lines)")
        }
    }

    static let digits = String(repeating: "ab", count: 32)
}

extension TransferResult {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// There is no listener, or not the one that a test means.
struct NotListening: Error, CustomStringConvertible {
    let description: String
}
