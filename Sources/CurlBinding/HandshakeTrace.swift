import COpenSSL

/// Makes OpenSSL report the messages of each handshake of a context. libcurl's trace reports the same messages, but
/// also formats a line of text for each step.
enum HandshakeTrace {
    /// Reports to `exchange`, which must outlive the context's connections.
    static func install(into context: OpaquePointer, for exchange: Exchange) {
        SSL_CTX_set_msg_callback(context, receiveMessage)
        // The macro SSL_CTX_set_msg_callback_arg.
        let argument = Unmanaged.passUnretained(exchange).toOpaque()
        _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, argument)
    }
}

/// OpenSSL passes each message whole. Record headers and inner content types arrive in the same way
/// (SSL_CTX_set_msg_callback(3)).
private func receiveMessage(
    isSent: Int32, version: Int32, contentType: Int32, message: UnsafeRawPointer?, count: Int, ssl: OpaquePointer?,
    argument: UnsafeMutableRawPointer?
) {
    guard let argument, let message else { return }
    let exchange = Unmanaged<Exchange>.fromOpaque(argument).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: message, count: count)
    switch (contentType, isSent) {
    case (SSL3_RT_HANDSHAKE, 0): exchange.handshake.receive(bytes)
    case (SSL3_RT_HANDSHAKE, _): exchange.handshake.note(sent: bytes)
    case (SSL3_RT_ALERT, 0): exchange.handshake.receive(alert: bytes)
    default: break
    }
}
