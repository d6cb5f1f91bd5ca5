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

/// The daemon's listener: metrics, health, the API and the status pages over HTTP, for this machine alone unless a proxy
/// forwards to it.
package struct StatusServer: Service {
    /// One thread serves every connection, and ends with the process. It starts with the first listener.
    private static let thread = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let settings: ListenSettings
    /// The paths that are served, with parameters in braces.
    package let paths: [String]
    private let responder: RouterResponder<BasicRequestContext>
    private let limits: ConnectionLimits
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
    /// - Throws: an error of Mustache for a template of a page that does not compile.
    package init(
        _ settings: ListenSettings, state: DaemonState, ledger: Ledger, time: any TimeSource,
        content: any APIContent, version: String, limits: ConnectionLimits = ConnectionLimits(),
        logger: Logger
    ) throws {
        self.settings = settings
        self.limits = limits
        self.logger = logger
        (listens, reportListening) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ResponseGuard(logger: logger))
        // A browser cannot connect to a socket in the file system.
        if case .loopback = settings.address { router.add(middleware: HostCheck(allowedNames: settings.hosts)) }
        if let file = settings.tokenFile { router.add(middleware: TokenCheck(file: file, logger: logger)) }
        HealthRoutes(state: state, time: time).add(to: router)
        MetricsRoute(
            collector: MetricsCollector(state: state, ledger: ledger, time: time, version: version), logger: logger
        ).add(to: router)
        PageRoutes(
            site: try StatusSite(ledger: ledger), state: state, time: time, version: version, logger: logger
        ).add(to: router)
        APIRoutes(content: content, logger: logger).add(to: router)
        VerifyRoute(content: content, logger: logger).add(to: router)
        paths = router.routes.map { "\($0.path)" }
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
            server: .http1(configuration: channelConfiguration),
            configuration: ApplicationConfiguration(
                address: bindAddress, backlog: limits.connections,
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { [self] channel in report(channel) },
            eventLoopGroupProvider: .shared(Self.thread), logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenError(address: settings.address, reason: String(cString: strerror(error.errnoCode)))
        }
        if case .unixSocket(let path) = settings.address { unlink(path) }
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
        case .loopback(let host, let port): .hostname(host, port: port)
        case .unixSocket(let path): .unixDomainSocket(path: path)
        }
    }

    private func report(_ channel: any Channel) {
        var address = settings.address
        switch address {
        case .loopback(let host, _):
            address = .loopback(host: host, port: channel.localAddress?.port ?? 0)
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
    let address: ListenAddress
    let reason: String

    package var description: String {
        """
        listen \(address): \(reason). Name an address in `listen` that is free and that this user may use; nothing was \
        scanned or sent
        """
    }
}
