import CertificateDecoding
import Certificates

/// Compares the serial numbers of a revocation list with those of the known certificates of its CA.
///
/// A list without any known serial number may be correct, if it revokes certificates that are not registered. It is
/// wrong if a serial number was written in decimal and read as hexadecimal or the reverse, since `cfssl gencrl` reads
/// decimal numbers.
struct RevokedSerials {
    /// Maps a serial number as it is in lists to the certificate.
    private let known: [String: Certificate]
    private let misread: [String: Certificate]

    /// - Parameter certificates: the certificates of the list's issuer.
    init(_ certificates: [Certificate]) {
        var known: [String: Certificate] = [:]
        var misread: [String: Certificate] = [:]
        for certificate in certificates {
            let hexadecimal = Self.trimmed(certificate.serialNumber.description)
            known[hexadecimal] = certificate
            // Decimal digits that were read as hexadecimal, and hexadecimal digits that were read as decimal.
            misread[Self.digits(of: hexadecimal, from: 16, to: 10)] = certificate
            if hexadecimal.allSatisfy(\.isWholeNumber) {
                misread[Self.digits(of: hexadecimal, from: 10, to: 16)] = certificate
            }
        }
        self.known = known
        self.misread = misread.filter { known[$0.key] == nil }
    }

    /// The finding about the serial numbers of `list`. nil when one of them is known, or when there is nothing to
    /// compare.
    func finding(of list: RegistrationCheck.EncodedList) -> CertificateFinding? {
        guard list.list.revokedCount > 0, !known.isEmpty, list.list.deltaBase == nil else { return nil }
        var confused: Certificate?
        for entry in InspectedRevocationList(list.list, der: list.der).entries {
            let serial = Self.trimmed(entry.serialNumber.description)
            if known[serial] != nil { return nil }
            confused = confused ?? misread[serial]
        }
        if let confused {
            return CertificateFinding(
                .revokedSerialsMisread,
                .list(
                    .serialNumberMisread(
                        issuer: list.list.issuer, name: confused.subject, serialNumber: "\(confused.serialNumber)")))
        }
        return CertificateFinding(
            .revokedSerialsUnknown,
            .list(.serialNumbersUnknown(count: list.list.revokedCount, issuer: list.list.issuer)))
    }

    private static func trimmed(_ digits: String) -> String {
        let significant = digits.drop { $0 == "0" }
        return significant.isEmpty ? "0" : String(significant)
    }

    /// Converts a number to another base. Serial numbers have about 40 digits; longer ones, which no CA issues, are
    /// truncated.
    private static func digits(of text: String, from base: Int, to other: Int) -> String {
        var digits: [Int] = [0]
        for digit in text.prefix(80).compactMap(\.hexDigitValue) {
            var carry = digit
            for index in digits.indices {
                let value = digits[index] * base + carry
                digits[index] = value % other
                carry = value / other
            }
            while carry > 0 {
                digits.append(carry % other)
                carry /= other
            }
        }
        return digits.reversed().map { String($0, radix: 16) }.joined()
    }
}
