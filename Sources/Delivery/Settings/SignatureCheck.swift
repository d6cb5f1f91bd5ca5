import Certificates
import Foundation

/// Whether a message is signed as Standard Webhooks 1.0 has it, as a receiver checks.
package struct SignatureCheck: Sendable {
    /// The result, for a person.
    package enum Verdict: Hashable, Sendable {
        case verified
        /// There is no secret to verify it with.
        case unchecked
        /// A clause that says why it is refused.
        case refused(String)
    }

    /// As the libraries of Standard Webhooks have it.
    private static let tolerance = TimeSpan(seconds: 300)

    private let secrets: [SigningSecret]

    /// Verifies with any of `secrets`; none for no verification.
    package init(_ secrets: [SigningSecret]) {
        self.secrets = secrets
    }

    /// The verdict on a message at `now`. `headers` have names in lower case.
    package func verdict(headers: [String: String], body: [UInt8], at now: Instant) -> Verdict {
        guard !secrets.isEmpty else { return .unchecked }
        guard let id = headers["webhook-id"], !id.isEmpty else { return .refused("it has no webhook-id") }
        guard let timestamp = headers["webhook-timestamp"].flatMap({ Int64($0) }) else {
            return .refused("it has no webhook-timestamp in seconds")
        }
        guard let signatures = headers["webhook-signature"], !signatures.isEmpty else {
            return .refused("it has no webhook-signature: the sender has no secret_file")
        }
        let expected = Set(secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) })
        guard signatures.split(separator: " ").contains(where: { expected.contains(String($0)) }) else {
            return .refused("no signature is by this secret: the sender has another, or the message was changed")
        }
        let age = now - Instant(seconds: timestamp)
        guard age.seconds.magnitude <= UInt64(Self.tolerance.seconds) else {
            return .refused("it was signed at \(Instant(seconds: timestamp)), more than 5 minutes from this clock")
        }
        return .verified
    }
}
