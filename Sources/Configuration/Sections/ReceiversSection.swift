import Certificates
import Delivery

/// The entries of `receivers`: who can be told.
struct ReceiversSection {
    enum Key: String, CaseIterable {
        case name, webhook
    }

    enum WebhookKey: String, CaseIterable {
        case url
        case urlFile = "url_file"
        case secretFile = "secret_file"
    }

    private static let refusals = [
        "secret":
            "is not taken, since people share their configuration: put it into a file and name that in secret_file"
    ]

    private(set) var receivers: [Receiver] = []
    /// Also of receivers with problems of their own.
    let names: [String]

    init(reading entries: [Cursor]) {
        var register = NameRegister()
        for entry in entries {
            guard let section = Section<Key>(entry) else { continue }
            let name = register.take(section.required(.name))
            let webhook = section.required(.webhook).flatMap(Self.webhook)
            guard let name, let webhook else { continue }
            receivers.append(Receiver(name: name, webhook: webhook))
        }
        names = register.names
    }

    private static func webhook(_ cursor: Cursor) -> Webhook? {
        guard let section = Section<WebhookKey>(cursor, refusals: refusals) else { return nil }
        let secretFile = section[.secretFile]?.secretFile()
        let url: Secret?
        switch (section[.url], section[.urlFile]) {
        case (let inline?, nil): url = inline.webhookURL()
        case (nil, let file?): url = file.webhookURLInFile()
        case (nil, nil):
            section.report("missing (or url_file)", for: .url)
            url = nil
        case (_?, let file?):
            file.report("url and url_file exclude each other")
            url = nil
        }
        return url.map { Webhook(url: $0, secretFile: secretFile) }
    }
}
