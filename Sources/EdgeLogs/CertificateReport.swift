import CertificateDecoding
import Certificates
import OpenSSLBinding

/// Makes a certificate of the fields of a line.
struct CertificateReport {
    /// A certificate, and how much of it the edge reported.
    struct Reported {
        let certificate: Certificate
        let extent: CertificateUse.Extent
    }

    /// Names and texts in descriptions come from an edge that clients can influence.
    private static let longestText = 4_096

    private let decoder: CertificateDecoder
    private let digest: SHA256

    /// - Throws: `OpenSSLError` when OpenSSL provides no SHA-256.
    init() throws {
        decoder = try CertificateDecoder(keepsEncodings: true)
        digest = try SHA256()
    }

    /// The certificate in `value`, which is encoded as that of `header`.
    func certificate(in value: [UInt8], header: String) throws(UnreadableLine) -> Reported {
        let containers: [[UInt8]]
        do throws(ForwardedCertificateError) {
            containers = try ForwardedCertificate(value, header: ForwardedHeader(header)).containers
        } catch {
            throw .unreadableCertificate
        }
        // The first certificate is the client's. Those after it are its chain.
        guard let container = containers.first else { throw .unreadableCertificate }
        let bundle = decoder.encodedBundle(container)
        guard let certificate = bundle.certificates.first, let der = bundle.encodings[certificate.fingerprint] else {
            throw .unreadableCertificate
        }
        return Reported(certificate: certificate, extent: .whole(der: der))
    }

    /// The certificate that the fields of `line` describe.
    func description(in fields: ReportedFields, of line: borrowing Span<UInt8>) throws(UnreadableLine) -> Reported {
        func text(_ field: ReportField, _ line: borrowing Span<UInt8>) -> String? {
            guard let range = fields[field], range.count <= Self.longestText else { return nil }
            return FieldText.text(range, of: line, fields.escaping)
        }
        guard let subject = text(.subject, line) else { throw .noSubject }
        let notAfter = text(.notAfter, line).flatMap(ReportedTime.instant)
        let validity =
            notAfter.map { Validity(notBefore: text(.notBefore, line).flatMap(ReportedTime.instant), notAfter: $0) }
            ?? text(.validity, line).flatMap(ReportedTime.validity)
        guard let validity else { throw .noExpiry }
        let fingerprint = text(.fingerprint, line)
        let serial = text(.serialNumber, line) ?? ""
        let issuer = text(.issuer, line) ?? ""
        let own = fingerprint.flatMap(Fingerprint.init(hexadecimal:))
        let identity = own ?? digested(identifying: fingerprint, subject, issuer, serial, validity)
        let certificate = Certificate(
            fingerprint: identity, subject: subject, issuer: issuer, serialNumber: Self.serialNumber(serial),
            validity: validity, isCA: false, signatureAlgorithm: CertificateUse.notReported,
            publicKey: CertificateUse.notReported, subjectAlternativeNames: [],
            lineageKey: LineageKey(
                names: digest.digest(Array("described subject\0\(subject)".utf8)), publicKey: identity.bytes))
        return Reported(
            certificate: certificate, extent: .described(own == nil ? .byDescription : .byFingerprint))
    }

    /// Identifies a certificate by what the edge reports: its SHA-1, or its issuer and serial number, or its subject and
    /// notAfter.
    private func digested(
        identifying fingerprint: String?, _ subject: String, _ issuer: String, _ serial: String, _ validity: Validity
    ) -> Fingerprint {
        let parts: [String]
        if let fingerprint {
            parts = ["fingerprint", fingerprint.lowercased().filter { $0 != ":" }]
        } else if !issuer.isEmpty, !serial.isEmpty {
            parts = ["number", issuer, serial.lowercased()]
        } else {
            parts = ["subject", subject, validity.notAfter.map { String($0.seconds) } ?? ""]
        }
        let bytes = digest.digest(Array((["described"] + parts).joined(separator: "\0").utf8))
        guard let identity = Fingerprint(bytes: bytes) else { preconditionFailure("a SHA-256 has 32 bytes") }
        return identity
    }

    /// The content octets of the INTEGER in a certificate; empty when the text is not hexadecimal.
    private static func serialNumber(_ text: String) -> SerialNumber {
        let digits = text.utf8.filter { $0 != UInt8(ascii: ":") }
        let padded = digits.count.isMultiple(of: 2) ? digits : [UInt8(ascii: "0")] + digits
        var octets: [UInt8] = []
        for index in stride(from: 0, to: padded.count, by: 2) {
            guard let octet = UInt8(String(decoding: padded[index...(index + 1)], as: UTF8.self), radix: 16) else {
                return SerialNumber(octets: [])
            }
            octets.append(octet)
        }
        let magnitude = Array(octets.drop { $0 == 0 })
        guard let first = magnitude.first else { return SerialNumber(octets: octets.isEmpty ? [] : [0]) }
        return SerialNumber(octets: first & 0x80 == 0 ? magnitude : [0] + magnitude)
    }
}
