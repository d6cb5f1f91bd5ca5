import Certificates
import ExpiryRules
import Foundation
import LedgerStorage

/// The message that a receiver would get about an expiring certificate, for `notafter test-notify --preview`. Nothing
/// is sent.
package struct MessagePreview: Encodable, Sendable {
    package let receiver: String
    package let kind: String
    package let title: String
    package let text: String
    /// The frozen body, without the secrets that are added when it is sent. JSON is indented, anything else is
    /// unchanged.
    package let body: String

    package init(_ configured: ConfiguredReceiver, of facts: NoticeFacts, registration: Registration) throws {
        let message = try configured.composer.message(facts, registration: registration)
        receiver = configured.name
        kind = configured.kind.rawValue
        title = message.title
        text = message.text
        body = Self.readable(try configured.receiver.body(for: message))
    }

    /// A notice that `certificate` expires, or has expired at `now`.
    package static func facts(
        of certificate: Certificate, at place: Location, registration: Registration, now: Instant
    ) -> NoticeFacts {
        let isOver = if case .at(let expiry) = certificate.validity.expiry { expiry < now } else { false }
        return NoticeFacts(
            identity: NoticeIdentity(
                subject: .certificate(certificate.fingerprint), kind: isOver ? .expired : .expiring,
                stage: isOver ? 0 : TimeSpan.days(30).seconds, episode: 0),
            registration: registration.name, severity: isOver ? .critical : .warning, finding: nil, occurredAt: now,
            observedAt: now, missed: [], notObservedSince: nil, object: .certificate(certificate), successor: nil,
            locations: [place], askedAt: now)
    }

    /// An invented certificate that expires in 30 days.
    package static func sampleCertificate(at now: Instant) -> Certificate? {
        guard let fingerprint = Fingerprint(bytes: [UInt8](repeating: 0xAB, count: 32)) else { return nil }
        return Certificate(
            fingerprint: fingerprint, subject: "CN=example", issuer: "CN=Example CA,O=Example",
            serialNumber: SerialNumber(octets: [0x0A, 0x1B]),
            validity: Validity(notBefore: now - .days(335), notAfter: now + .days(30)), isCA: false,
            signatureAlgorithm: "ecdsa-with-SHA256", publicKey: "EC P-256",
            subjectAlternativeNames: ["DNS:example.com"], lineageKey: LineageKey(names: [], publicKey: []))
    }

    /// An invented registration, for a certificate that no registration covers.
    package static let sampleRegistration = Registration(name: "example", role: .client, owner: "platform")

    private static func readable(_ body: [UInt8]) -> String {
        // A body that is not a JSON object is shown unchanged.
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)),
            let indented = try? JSONSerialization.data(
                withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        else { return String(decoding: body, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n") }
        return String(decoding: indented, as: UTF8.self)
    }
}
