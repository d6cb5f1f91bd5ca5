import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose exchange takes too long, whichever side is slow, or whose request has too large a body.
///
/// Before a head is complete, and between two requests, Hummingbird's idle timeout holds.
final class ExchangeGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private var deadline: Scheduled<Void>?
    /// Requests whose head was read and whose response is not written yet.
    private var openResponses = 0
    private var isReadingBody = false
    private var bodyBytes = 0

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            openResponses += 1
            isReadingBody = true
            bodyBytes = 0
            if deadline == nil { close(context, in: limits.exchangeTime) }
        case .body(let buffer):
            bodyBytes += buffer.readableBytes
            guard bodyBytes <= limits.bodyBytes else { return context.close(promise: nil) }
        case .end:
            isReadingBody = false
            disarmIfOver()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head, .body: context.write(data, promise: promise)
        case .end:
            // The exchange is over when the client has the last byte, as far as this side can know.
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.assumeIsolated().whenComplete { _ in
                self.openResponses -= 1
                self.disarmIfOver()
            }
            context.write(data, promise: written)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { close(context, in: limits.graceTime) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    private func disarmIfOver() {
        guard openResponses == 0, !isReadingBody else { return }
        deadline?.cancel()
        deadline = nil
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}
