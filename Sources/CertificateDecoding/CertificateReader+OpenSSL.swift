import Certificates
import OpenSSLBinding

extension CertificateReader {
    /// Converts OpenSSL's result for a certificate that our reader refused.
    func certificate(parsed: OpenSSLCertificate, fingerprint: Fingerprint) -> ReadCertificate {
        var defects: [Defect] = []
        let validity = Validity(notBefore: parsed.notBefore?.instant, notAfter: parsed.notAfter?.instant)
        if validity.notBefore == nil { defects.append(Self.unreadable("notBefore")) }
        if validity.notAfter == nil { defects.append(Self.unreadable("notAfter")) }
        let alternativeNames = parsed.alternativeNamesDER.flatMap { names in
            self.alternativeNames(0..<names.count, of: names.span, &defects)
        }
        let certificate = Certificate(
            fingerprint: fingerprint,
            subject: DistinguishedName.text(parsed.subject),
            issuer: DistinguishedName.text(parsed.issuer),
            serialNumber: SerialNumber(octets: Self.content(of: parsed.serialNumberDER)),
            validity: validity,
            isCA: parsed.isCA,
            signatureAlgorithm: parsed.signatureAlgorithm.name ?? parsed.signatureAlgorithm.dotted,
            publicKey: publicKey(parsed.publicKeyDER),
            subjectAlternativeNames: alternativeNames,
            lineageKey: lineageKey(
                subject: parsed.subject.der.span, alternativeNames: parsed.alternativeNamesDER.first,
                publicKey: parsed.publicKeyDER.span))
        return ReadCertificate(certificate: certificate, defects: defects)
    }

    private static func unreadable(_ field: String) -> Defect {
        Defect(.unreadableDate, "the certificate's \(field) is no date, so its validity is unknown")
    }

    /// The content octets of an INTEGER that OpenSSL encoded.
    static func content(of der: [UInt8]) -> [UInt8] {
        var cursor = DERCursor(0..<der.count)
        // OpenSSL wrote this INTEGER. If it were malformed, the certificate would still be worth listing.
        guard let integer = try? cursor.next(0x02, in: der.span) else { return [] }
        return der.span.bytes(integer.content)
    }

    private func publicKey(_ der: [UInt8]) -> String {
        var cursor = DERCursor(0..<der.count)
        // A key that OpenSSL stores without parsing it has no kind that can be named.
        guard
            let element = try? cursor.next(0x30, in: der.span),
            let text = try? PublicKeyText(algorithms: algorithms).text(of: element, in: der.span)
        else { return "unknown" }
        return text
    }
}

extension DistinguishedName {
    /// The text of a name that OpenSSL parsed. It is made by our own code whenever our reader accepts the name, so that
    /// a certificate and a list have the same text for one issuer even if OpenSSL parsed only one of them.
    static func text(_ parsed: OpenSSLName) -> String {
        text(der: parsed.der) ?? parsed.text
    }
}

extension OpenSSLDate {
    /// The instant, if the date exists. OpenSSL accepts `:60` and similar, which `Instant` cannot express.
    var instant: Instant? {
        CalendarTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)?.instant
    }
}
