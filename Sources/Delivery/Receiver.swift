import Certificates

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
