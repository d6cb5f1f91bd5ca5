import Certificates
import Configuration
import Glibc
import Hummingbird
import HummingbirdCore
import LedgerStorage
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import StatusPages
import TransportSecurity

/// The daemon's listener: metrics, health, the API and the status pages over HTTP, with TLS if the configuration has it.
package struct StatusServer: Service {
    /// One thread serves every connection, and ends with the process. It starts with the first listener.
    private static let thread = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let settings: ListenSettings
    /// What is served: the methods of each path, which has its parameters in braces.
    package let methods: [String: [String]]
    private let responder: RouterResponder<ListenerContext>
    private let limits: ConnectionLimits
    /// nil for HTTP without TLS.
    private let certificate: ServedCertificate?
    private let logger: Logger
    private let listens: AsyncStream<ListenAddress>
    private let reportListening: AsyncStream<ListenAddress>.Continuation

    /// - Parameters:
    ///   - settings: where to listen, and to whom.
    ///   - state: what the daemon reports.
    ///   - ledger: it is only read.
    ///   - time: the clock by which states and health are judged.
    ///   - content: the documents of the API.
    ///   - version: of this program.
    ///   - limits: what one client may take.
    ///   - logger: gets refused bindings and failures, and no request.
    /// - Throws: `ListenError` when the files of its certificate cannot be used; an error of Mustache for a template of a
    ///   page that does not compile.
    package init(
        _ settings: ListenSettings, state: DaemonState, ledger: Ledger, time: any TimeSource,
        content: any APIContent, version: String, limits: ConnectionLimits = ConnectionLimits(),
        logger: Logger
    ) throws {
        self.settings = settings
        self.limits = limits
        self.logger = logger
        do {
            certificate = try settings.tls.map { try ServedCertificate($0, logger: logger) }
        } catch let error as CredentialError {
            throw ListenError(address: settings.address, reason: .certificate("\(error)"))
        }
        (listens, reportListening) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let router = Router(context: ListenerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ResponseGuard(logger: logger))
        // A browser cannot connect to a socket in the file system, and to other addresses only by a name of the certificate.
        if case .loopback = settings.address { router.add(middleware: HostCheck(allowedNames: settings.hosts)) }
        router.add(middleware: AccessCheck(settings, time: time, logger: logger))
        HealthRoutes(state: state, time: time).add(to: router)
        MetricsRoute(
            collector: MetricsCollector(state: state, ledger: ledger, time: time, version: version), logger: logger
        ).add(to: router)
        PageRoutes(
            site: try StatusSite(ledger: ledger), state: state, time: time, version: version, logger: logger
        ).add(to: router)
        APIRoutes(content: content, logger: logger).add(to: router)
        VerifyRoute(content: content, logger: logger).add(to: router)
        WriteRoutes(content: content, check: WriteCheck(hosts: settings.hosts), logger: logger).add(to: router)
        methods = Dictionary(grouping: router.routes, by: { "\($0.path)" }).mapValues { $0.map(\.method.rawValue) }
        RefusedMethods().add(to: router)
        responder = router.buildResponder()
    }

    /// Waits until the listener accepts connections.
    ///
    /// - Returns: its address, with the port that the kernel chose; nil when the task was cancelled first.
    package func waitUntilListening() async -> ListenAddress? {
        await listens.first { _ in true }
    }

    /// Serves until a graceful shutdown. Exchanges in progress are finished.
    ///
    /// - Throws: `ListenError` when the address cannot be used.
    package func run() async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: responder,
            server: serverBuilder,
            configuration: ApplicationConfiguration(
                address: bindAddress, backlog: limits.connections,
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { [self] channel in report(channel) },
            eventLoopGroupProvider: .shared(Self.thread), logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenError(
                address: settings.address, reason: .binding(String(cString: strerror(error.errnoCode))))
        }
        if case .unixSocket(let path) = settings.address { unlink(path) }
    }

    private var serverBuilder: HTTPServerBuilder {
        let configuration = channelConfiguration
        guard let certificate else { return .http1(configuration: configuration) }
        return HTTPServerBuilder { [limits] responder in
            TLSConnection(
                base: HTTP1Channel(responder: responder, configuration: configuration), certificate: certificate,
                handshakeTime: limits.idleTime)
        }
    }

    private var channelConfiguration: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [ExchangeGuard(limits)], idleTimeout: limits.idleTime,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headBytes / 2, maxHeaderListSize: limits.headBytes,
                maxHeaderFieldCount: 100))
    }

    private var bindAddress: BindAddress {
        switch settings.address {
        case .loopback(let host, let port), .network(let host, let port): .hostname(host, port: port)
        case .unixSocket(let path): .unixDomainSocket(path: path)
        }
    }

    private func report(_ channel: any Channel) {
        var address = settings.address
        switch address {
        case .loopback(let host, _):
            address = .loopback(host: host, port: channel.localAddress?.port ?? 0)
        case .network(let host, _):
            address = .network(host: host, port: channel.localAddress?.port ?? 0)
        case .unixSocket(let path):
            // Its owner and group may connect, whatever the umask.
            chmod(path, 0o660)
        }
        logger.info("listening", metadata: ["address": "\(address)"])
        reportListening.yield(address)
    }
}

/// The listener could not be opened.
package struct ListenError: Error, CustomStringConvertible {
    enum Reason {
        /// The address cannot be used.
        case binding(String)
        /// A file of `listen.tls` cannot be used.
        case certificate(String)
    }

    let address: ListenAddress
    let reason: Reason

    package var description: String {
        let (words, step) =
            switch reason {
            case .binding(let words): (words, "Name an address in `listen` that is free and that this user may use")
            case .certificate(let words): (words, "Mend the file, or name another one in `listen.tls`")
            }
        return "listen \(address): \(words). \(step); nothing was scanned or sent"
    }
}
