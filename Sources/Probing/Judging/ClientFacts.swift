import Certificates
import Foundation

/// Facts of the client certificate that was shown, which the expected answer may quote: an endpoint that echoes the
/// fingerprint proves which certificate has arrived.
struct ClientFacts {
    /// What stands for each fact in an expected text.
    enum Placeholder: String, CaseIterable {
        case fingerprintSHA256 = "client.fingerprint_sha256"
        case fingerprintSHA1 = "client.fingerprint_sha1"
        case serialNumber = "client.serial_number"
        case subject = "client.subject"
        /// The PEM with everything percent-encoded but letters, digits and `+=/-._`: as AWS load balancers forward it.
        case percentEncodedPEM = "client.pem_percent_encoded"

        var written: String { "{{\(rawValue)}}" }
    }

    let certificate: Certificate
    let der: [UInt8]
    let sha1: [UInt8]

    /// `text` with its placeholders replaced.
    func filling(_ text: String) -> String {
        var text = text
        for placeholder in Placeholder.allCases where text.contains(placeholder.written) {
            text = text.replacing(placeholder.written, with: value(of: placeholder))
        }
        return text
    }

    private func value(of placeholder: Placeholder) -> String {
        switch placeholder {
        case .fingerprintSHA256: certificate.fingerprint.description
        case .fingerprintSHA1: sha1.hexadecimal
        case .serialNumber: certificate.serialNumber.description
        case .subject: certificate.subject
        case .percentEncodedPEM: percentEncodedPEM
        }
    }

    private var percentEncodedPEM: String {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        let pem = "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----"
        return String(
            pem.flatMap { character -> [Character] in
                if character.isASCII, character.isLetter || character.isNumber || "+=/-._".contains(character) {
                    return [character]
                }
                return Array("%" + character.utf8.hexadecimal.uppercased())
            })
    }
}
