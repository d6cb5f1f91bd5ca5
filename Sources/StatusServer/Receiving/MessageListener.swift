import Certificates
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Takes messages over HTTP on loopback, for `receive`: a receiver to try notafter out with, and no service for others.
package struct MessageListener: Service {
    /// One request.
    package struct Delivery: Sendable {
        package let method: String
        /// By their names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]
    }

    private static let thread = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    /// More than any message has, a digest with all its lists included.
    private static let bodyLimit = 1 << 20

    private let port: Int
    private let handle: @Sendable (Delivery) async -> Int
    private let logger: Logger
    private let ports: AsyncStream<Int>
    private let reportListening: AsyncStream<Int>.Continuation

    /// - Parameters:
    ///   - port: on 127.0.0.1; 0 for one that the kernel chooses.
    ///   - logger: gets failures of connections.
    ///   - handle: answers a request with an HTTP status. Called once at a time for each connection.
    package init(port: Int, logger: Logger, handle: @escaping @Sendable (Delivery) async -> Int) {
        self.port = port
        self.handle = handle
        self.logger = logger
        (ports, reportListening) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Waits until the listener accepts connections.
    ///
    /// - Returns: its port; nil when the task was cancelled first.
    package func waitUntilListening() async -> Int? {
        await ports.first { _ in true }
    }

    /// Serves until a graceful shutdown.
    ///
    /// - Throws: `PortError` when the port cannot be used.
    package func run() async throws {
        let responder = CallbackResponder<BasicRequestContext> { [handle] request, _ in
            let body = try await request.body.collect(upTo: Self.bodyLimit)
            var headers: [String: String] = [:]
            for field in request.headers { headers[field.name.canonicalName] = field.value }
            let delivery = Delivery(
                method: request.method.rawValue, headers: headers, body: Array(body.readableBytesView))
            return Response(status: HTTPResponse.Status(code: await handle(delivery)))
        }
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { [reportListening] channel in reportListening.yield(channel.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(Self.thread), logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw PortError(port: port, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}

/// A port could not be opened.
package struct PortError: Error, CustomStringConvertible {
    let port: Int
    let reason: String

    package var description: String {
        "port \(port) of 127.0.0.1 cannot be used: \(reason). Name a free one with --port, or 0 for any"
    }
}
