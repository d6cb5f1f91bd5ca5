import Certificates
import Foundation

/// One thing that `inspect` shows.
enum InspectedObject: Encodable {
    case certificate(CertificateObject)
    case revocationList(RevocationListObject)

    private enum CodingKeys: String, CodingKey {
        case kind
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .certificate(let object):
            try object.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(InspectedKind.certificate.rawValue, forKey: .kind)
        case .revocationList(let object):
            try object.encode(to: encoder)
        }
    }

    /// One fact a line, for people.
    var text: String {
        facts.map { name, value in
            name.padding(toLength: 20, withPad: " ", startingAt: 0) + TerminalText.escaped(value)
        }.joined(separator: "\n")
    }

    private var facts: [(name: String, value: String)] {
        switch self {
        case .certificate(let object): object.facts
        case .revocationList(let object): object.facts
        }
    }
}

extension CertificateObject {
    fileprivate var facts: [(name: String, value: String)] {
        let names = certificate.subjectAlternativeNames
        return [
            ("Location", location.description),
            ("Subject", certificate.subject),
            ("Issuer", certificate.issuer),
            ("Serial number", certificate.serialNumber.description),
            ("Not before", certificate.validity.notBefore?.description ?? "unreadable"),
            ("Not after", certificate.validity.notAfter?.description ?? "unreadable"),
            ("Alternative names", names.isEmpty ? "none" : names.joined(separator: ", ")),
            ("CA", certificate.isCA ? "yes" : "no"),
            ("Public key", certificate.publicKey),
            ("Signature algorithm", certificate.signatureAlgorithm),
            ("SHA-256", certificate.fingerprint.description),
        ]
    }
}

extension RevocationListObject {
    fileprivate var facts: [(name: String, value: String)] {
        [
            ("Location", location.description),
            ("Revocation list of", list.issuer),
            ("CRL number", list.number?.description ?? "none"),
            ("Completes CRL", list.deltaBase?.description),
            ("This update", list.thisUpdate?.description ?? "unreadable"),
            ("Next update", list.nextUpdate?.description ?? "not promised"),
            ("Revoked", "\(list.revokedCount) certificate\(list.revokedCount == 1 ? "" : "s")"),
            ("Authority key", list.authorityKeyIdentifier?.hexadecimal ?? "none"),
            ("Signature algorithm", list.signatureAlgorithm),
            ("SHA-256", list.fingerprint.description),
        ].compactMap { name, value in value.map { (name, $0) } }
    }
}
