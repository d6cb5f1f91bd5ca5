import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Sets up connections with TLS below `base`.
///
/// HummingbirdTLS keeps one context as long as the listener lives, and so one certificate.
struct TLSConnection<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let certificate: ServedCertificate
    /// A client that has not finished its handshake by then is cut off. The timers of `base` begin after it.
    let handshakeTime: TimeAmount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeFutureWithTask { await certificate.current() }
            .flatMapThrowing { context in
                try channel.pipeline.syncOperations.addHandlers(
                    NIOSSLServerHandler(context: context), HandshakeGuard(time: handshakeTime))
            }
            .flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// Closes a connection whose TLS handshake takes too long.
private final class HandshakeGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    private let time: TimeAmount
    private var deadline: Scheduled<Void>?

    init(time: TimeAmount) {
        self.time = time
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { deadline?.cancel() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }
}
