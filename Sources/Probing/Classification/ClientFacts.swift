import Certificates
import Foundation

/// Facts of the client certificate for use in the expected response. An endpoint that echoes the fingerprint proves
/// which certificate it received.
struct ClientFacts {
    /// The placeholder of each fact in an expected text.
    enum Placeholder: String, CaseIterable {
        case fingerprintSHA256 = "client.fingerprint_sha256"
        case fingerprintSHA1 = "client.fingerprint_sha1"
        case serialNumber = "client.serial_number"
        /// In capitals, as OpenSSL, nginx and Cloudflare write it.
        case serialNumberUpper = "client.serial_number_upper"
        case subject = "client.subject"
        case issuer = "client.issuer"
        case notBefore = "client.not_before"
        case notAfter = "client.not_after"
        /// The date format of OpenSSL, nginx and Cloudflare: `Dec 22 19:39:00 2018 GMT`.
        case notBeforeOpenSSL = "client.not_before_openssl"
        case notAfterOpenSSL = "client.not_after_openssl"
        /// The PEM with percent-encoding of everything except letters, digits and `+=/-._`, as AWS load balancers
        /// forward it.
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
        case .serialNumberUpper: certificate.serialNumber.description.uppercased()
        case .subject: certificate.subject
        case .issuer: certificate.issuer
        case .notBefore: certificate.validity.notBefore?.description ?? ""
        case .notAfter: certificate.validity.notAfter?.description ?? ""
        case .notBeforeOpenSSL: certificate.validity.notBefore.map(Self.openSSLText) ?? ""
        case .notAfterOpenSSL: certificate.validity.notAfter.map(Self.openSSLText) ?? ""
        case .percentEncodedPEM: percentEncodedPEM
        }
    }

    /// The format of ASN1_TIME_print(3): month, day padded with a blank, time, year.
    private static func openSSLText(_ instant: Instant) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 2018-12-22T19:39:00Z
        let parts = instant.description.split { "-T".contains($0) }
        guard parts.count == 4, let month = Int(parts[1]), months.indices.contains(month - 1), let day = Int(parts[2])
        else { return instant.description }
        return "\(months[month - 1]) \(day < 10 ? " " : "")\(day) \(parts[3].dropLast()) \(parts[0]) GMT"
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
