import CertificateDecoding
import Certificates

/// Compares the serial numbers of a revocation list with those of the certificates that its CA has issued.
///
/// A list that names none of them may be in order, where what it revokes was never registered. It is not where a serial
/// number was written in decimal and read in hexadecimal, or the other way round, as `cfssl gencrl` reads them in decimal.
struct RevokedSerials {
    /// A serial number as a list has it, to the certificate that it means.
    private let known: [String: Certificate]
    private let misread: [String: Certificate]

    /// - Parameter certificates: of the list's issuer.
    init(_ certificates: [Certificate]) {
        var known: [String: Certificate] = [:]
        var misread: [String: Certificate] = [:]
        for certificate in certificates {
            let hexadecimal = Self.trimmed(certificate.serialNumber.description)
            known[hexadecimal] = certificate
            // Decimal digits that were read as hexadecimal ones, and hexadecimal digits that were read as decimal ones.
            misread[Self.digits(of: hexadecimal, from: 16, to: 10)] = certificate
            if hexadecimal.allSatisfy(\.isWholeNumber) {
                misread[Self.digits(of: hexadecimal, from: 10, to: 16)] = certificate
            }
        }
        self.known = known
        self.misread = misread.filter { known[$0.key] == nil }
    }

    /// What is wrong with the serial numbers of `list`; nil where one of them is known, and where there is nothing to compare.
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
                "it revokes none of the registered certificates of \(list.list.issuer), but a serial number that is that of "
                    + "\(confused.subject) (\(confused.serialNumber)) with decimal and hexadecimal digits confused")
        }
        let count = list.list.revokedCount
        return CertificateFinding(
            .revokedSerialsUnknown,
            "its \(counted(count, "serial number")) \(agreeing(count, "is", "are")) of no registered certificate of "
                + list.list.issuer
        )
    }

    private static func trimmed(_ digits: String) -> String {
        let significant = digits.drop { $0 == "0" }
        return significant.isEmpty ? "0" : String(significant)
    }

    /// A number in another base. Serial numbers have some 40 digits; a longer one, which no CA writes, is cut.
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
