/// Where `http://` is allowed.
package enum PlaintextPolicy: Hashable, Sendable {
    /// To this machine only. This is the default.
    case loopbackOnly
    /// To any host, for a receiver in a trusted network with `allow_http: true`.
    case anywhere
}
