import TransportSecurity
/// A chat with an incoming webhook: its only setting is a secret URL.
package protocol ChatReceiver: HTTPReceiver {
    var webhook: IncomingWebhook { get }

    init(_ webhook: IncomingWebhook)
}

package struct IncomingWebhook: Sendable {
    let address: SecretAddress
    let connection: Connection
}

extension ChatReceiver {
    package static var grouping: Grouping { .digest }
    package static var keys: [SettingKey] { [.required("url_file", .secretWebAddressFile)] + Connection.keys }

    package init?(_ settings: ReceiverSettings) {
        guard let address = settings.address("url") else { return nil }
        self.init(IncomingWebhook(address: address, connection: Connection(settings)))
    }

    package var connection: Connection { webhook.connection }

    package func requests(for attempt: Attempt) throws -> [HTTPRequest] {
        [.json(try webhook.address.read(), attempt.body)]
    }
}
