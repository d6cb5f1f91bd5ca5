import CurlBinding
import OpenSSLBinding

extension Transfer {
    /// Verifies the server with the trust anchors of `credentials`, and answers its request for a client certificate with
    /// theirs. `recorder` takes the path with which the server was verified.
    package mutating func use(_ credentials: Credentials, recordingPathIn recorder: VerifiedPathRecorder? = nil) {
        trust = credentials.trust == nil ? .system : .configured
        let (store, identity) = (credentials.trust, credentials.client?.identity)
        configureContext = { context in
            store?.install(into: context)
            recorder?.install(into: context)
            return identity?.install(into: context) ?? true
        }
    }
}
