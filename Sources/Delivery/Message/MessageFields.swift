import Certificates
import ExpiryRules
import LedgerStorage

/// The table beside a message's text. What is not known has no row.
enum MessageFields {
    /// Longer values say no more to anybody.
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
        case .fingerprint: facts.certificate?.fingerprint.description
        case .labels:
            (registration?.labels ?? [:]).sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ", ")
        }
    }

    /// What falls with the certificate: a CA takes all with it that it issued.
    private static func affected(
        _ facts: NoticeFacts, _ registration: Registration?, _ phrasebook: any Phrasebook
    ) -> String? {
        let hostnames = registration?.hostnames ?? []
        guard registration?.role == .ca, facts.certificate != nil else { return hostnames.joined(separator: ", ") }
        return ([phrasebook.everybodyWhoPresents()] + hostnames).joined(separator: ", ")
    }
}
