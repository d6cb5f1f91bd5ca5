/// Where `http://` may go.
package enum PlaintextPolicy: Hashable, Sendable {
    /// To this machine alone: the default.
    case loopbackOnly
    /// To any host, as `allow_http: true` says for a receiver in one's own network.
    case anywhere
}
