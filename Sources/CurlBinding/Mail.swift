/// A message for SMTP (RFC 5321): envelope and content.
package struct Mail: Sendable {
    /// Whether STARTTLS encrypts the connection before anything else is sent.
    package enum StartTLS: Sendable {
        case required
        /// For `smtps://`, and for a server on this machine.
        case none
    }

    /// The credentials for AUTH. The password is in memory only during the transfer.
    package struct Login: Sendable {
        let user: String
        let password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Addresses without angle brackets.
    let sender: String
    let recipients: [String]
    /// RFC 5322 with CRLF line ends. libcurl escapes leading dots.
    let content: [UInt8]
    let startTLS: StartTLS
    let login: Login?

    package init(sender: String, recipients: [String], content: [UInt8], startTLS: StartTLS, login: Login?) {
        self.sender = sender
        self.recipients = recipients
        self.content = content
        self.startTLS = startTLS
        self.login = login
    }
}
