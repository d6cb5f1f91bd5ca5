import Certificates
import Foundation

/// The labels of x509-certificate-exporter, so that its dashboards and rules work, and further ones of notafter.
enum CertificateLabels {
    private static let nameAttributes = ["C", "ST", "L", "O", "OU", "CN"]

    /// The labels of a certificate or revocation list at one of its places.
    static func labels(of object: WatchedObject, at location: Location, registration: String, role: String)
        -> [MetricFamily.Label]
    {
        var labels = [MetricFamily.Label("registration", registration), MetricFamily.Label("role", role)]
        switch object {
        case .certificate(let certificate):
            labels.append(.init("serial_number", certificate.serialNumber.decimal))
            labels += attributes(of: certificate.subject, prefix: "subject")
            labels += attributes(of: certificate.issuer, prefix: "issuer")
        case .revocationList(let list):
            labels += attributes(of: list.issuer, prefix: "issuer")
            if let number = list.number { labels.append(.init("crl_number", number.decimal)) }
        }
        return labels + placeLabels(of: location)
    }

    private static func attributes(of name: String, prefix: String) -> [MetricFamily.Label] {
        let parsed = DistinguishedName(name)
        return nameAttributes.compactMap { type in
            parsed.first(type).map { MetricFamily.Label("\(prefix)_\(type)", $0) }
        }
    }

    private static func placeLabels(of location: Location) -> [MetricFamily.Label] {
        switch location {
        case .file(let path, _):
            [
                .init("filename", URL(fileURLWithPath: path.description).lastPathComponent),
                .init("filepath", path.description),
            ]
        case .endpoint(let name, let index): [.init("endpoint", name), .init("chain_no", "\(index)")]
        case .fetched(let place, _): [.init("source", place)]
        case .observed(let place): [.init("source", place)]
        case .standardInput: []
        }
    }
}

extension SerialNumber {
    /// In decimal, as in x509-certificate-exporter. A negative number begins with `-`.
    package var decimal: String {
        let hexadecimal = description
        var digits: [Int] = [0]
        for digit in hexadecimal.compactMap(\.hexDigitValue) {
            var carry = digit
            for index in digits.indices {
                let value = digits[index] * 16 + carry
                digits[index] = value % 10
                carry = value / 10
            }
            while carry > 0 {
                digits.append(carry % 10)
                carry /= 10
            }
        }
        return (hexadecimal.hasPrefix("-") ? "-" : "") + digits.reversed().map(String.init).joined()
    }
}
