import Certificates
import ExpiryRules
import LedgerStorage

/// The table beside a message's text. Unknown facts have no row.
enum MessageFields {
    /// In UTF-16 units. People do not read longer values.
    private static let valueLimit = 500

    static func fields(
        _ facts: NoticeFacts, words: NoticeWords, registration: Registration?, in phrasebook: any Phrasebook
    ) -> [Message.Field] {
        FieldName.allCases.compactMap { name in
            let value = value(of: name, facts, words, registration, phrasebook)
            guard let value, !value.isEmpty else { return nil }
            return Message.Field(
                label: phrasebook.label(name), value: LengthUnit.utf16.fitted(value, valueLimit))
        }
    }

    private static func value(
        of name: FieldName, _ facts: NoticeFacts, _ words: NoticeWords, _ registration: Registration?,
        _ phrasebook: any Phrasebook
    ) -> String? {
        switch name {
        case .registration: facts.registration
        case .expires: words.expiry?.description
        case .location: facts.locations.map(\.description).joined(separator: ", ")
        case .foundBy: words.foundBy.map(phrasebook.finder)
        case .owner: registration?.owner
        case .affects: affected(facts, registration, phrasebook)
        case .issuer: facts.certificate?.issuer
        case .serial: facts.certificate?.serialNumber.description
        case .fingerprint: facts.object?.fingerprint.description
        case .labels:
            (registration?.labels ?? [:]).sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ", ")
        }
    }

    /// The hostnames, certificates and endpoints that the expiry affects: for a CA, everything that it issued.
    private static func affected(
        _ facts: NoticeFacts, _ registration: Registration?, _ phrasebook: any Phrasebook
    ) -> String? {
        let hostnames = registration?.hostnames ?? []
        let everybody = registration?.role == .ca && facts.certificate != nil ? [phrasebook.everybodyWhoPresents()] : []
        return (everybody + phrasebook.dependents(facts.dependents) + hostnames).joined(
            separator: phrasebook.listSeparator)
    }
}
