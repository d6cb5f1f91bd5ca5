/// Connections that transfers use one after another. A transfer without it opens a connection of its own.
///
/// libcurl does not compare what `Transfer.configureContext` and `Transfer.admits` do. Transfers that share connections must
/// therefore go to one receiver with one set of credentials. The connections close when this object and all transfers
/// that name it are gone.
package final class KeptConnections: Sendable {
    private let mailbox: Mailbox

    init(mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    deinit {
        mailbox.post(.close(ObjectIdentifier(self)))
    }
}
