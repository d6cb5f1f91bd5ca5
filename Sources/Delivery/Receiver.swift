import Certificates
import Foundation
import OpenSSLBinding

/// A configured destination of notices.
package struct Receiver: Hashable, Sendable {
    package let name: String
    package let webhook: Webhook

    package init(name: String, webhook: Webhook) {
        self.name = name
        self.webhook = webhook
    }
}

/// A URL that takes the native JSON body by POST, signed as Standard Webhooks has it.
package struct Webhook: Hashable, Sendable {
    /// `https://`, or `http://` on loopback. A URL may carry a token, so it prints no more than a secret does.
    package let url: Secret
    /// A file with one secret a line, the newest first: `whsec_` and base64. nil sends unsigned.
    package let secretFile: String?

    package init(url: Secret, secretFile: String?) {
        self.url = url
        self.secretFile = secretFile
    }
}

extension Webhook {
    /// Changes when a message that was refused may be taken now: another URL, or other secrets.
    func settingsDigest() throws -> [UInt8] {
        let secrets = secretFile.flatMap { try? Data(contentsOf: URL(fileURLWithPath: $0)) } ?? Data()
        let bytes = Array(url.exposed.utf8) + [0] + Array((secretFile ?? "").utf8) + [0] + Array(secrets)
        return try SHA256().digest(bytes.span)
    }
}
