import Certificates
import OpenSSLBinding

/// A decoded certificate with its defects.
struct ReadCertificate {
    let certificate: Certificate
    var defects: [Defect] = []
}

/// Decodes the DER of one certificate (RFC 5280 4.1). It refuses everything that is not plainly valid.
///
/// It exists because OpenSSL's `d2i_X509` also decodes the public key, which takes 85 µs and does not scale to a second
/// thread.
struct CertificateReader {
    let digest: SHA256
    let algorithms = AlgorithmNames()
    let issuers = IssuerMemo()

    /// Decodes the certificate in `element`.
    func certificate(
        _ element: DERElement, of bytes: Span<UInt8>, fingerprint: Fingerprint
    ) throws(DERRefusal) -> ReadCertificate {
        var outer = DERCursor(element.content)
        var fields = DERCursor(try outer.next(0x30, in: bytes).content)
        let signatureAlgorithm = try algorithm(outer.next(0x30, in: bytes), in: bytes)
        _ = try outer.nextBitString(in: bytes)
        try outer.finish()

        let version = try version(&fields, in: bytes)
        let serial = try fields.nextInteger(in: bytes)
        _ = try algorithm(fields.next(0x30, in: bytes), in: bytes)
        let issuer = try fields.next(0x30, in: bytes)
        let validity = try validity(fields.next(0x30, in: bytes), in: bytes)
        let subject = try fields.next(0x30, in: bytes)
        let publicKey = try fields.next(0x30, in: bytes)
        let extensions = try extensions(&fields, version: version, in: bytes)
        try fields.finish()

        var defects: [Defect] = []
        let alternativeNames = alternativeNames(extensions.alternativeNames, of: bytes, &defects)
        let certificate = Certificate(
            fingerprint: fingerprint,
            subject: try DistinguishedName.text(of: subject, in: bytes),
            issuer: try issuers.text(of: issuer, in: bytes),
            serialNumber: SerialNumber(octets: bytes.bytes(serial.content)),
            validity: validity,
            isCA: extensions.isCA,
            signatureAlgorithm: algorithms.name(bytes.bytes(signatureAlgorithm.content)),
            publicKey: try PublicKeyText(algorithms: algorithms).text(of: publicKey, in: bytes),
            subjectAlternativeNames: alternativeNames,
            lineageKey: lineageKey(
                subject: bytes.extracting(subject.range),
                alternativeNames: extensions.alternativeNames.map { bytes.bytes($0) },
                publicKey: bytes.extracting(publicKey.range)))
        return ReadCertificate(certificate: certificate, defects: defects)
    }

    /// `[0] EXPLICIT INTEGER`: versions 1 to 3 are encoded as 0 to 2, and DER omits 0.
    private func version(_ fields: inout DERCursor, in bytes: Span<UInt8>) throws(DERRefusal) -> Int {
        guard let tagged = try fields.nextIf(0xA0, in: bytes) else { return 1 }
        var cursor = DERCursor(tagged.content)
        let number = try cursor.nextInteger(in: bytes)
        try cursor.finish()
        guard number.content.count == 1, case 1...2 = bytes[number.content.lowerBound] else { throw DERRefusal() }
        return Int(bytes[number.content.lowerBound]) + 1
    }

    /// The OBJECT IDENTIFIER of an AlgorithmIdentifier.
    private func algorithm(_ element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) -> DERElement {
        var cursor = DERCursor(element.content)
        let identifier = try cursor.nextObjectIdentifier(in: bytes)
        _ = try cursor.finishWithParameters(in: bytes)
        return identifier
    }

    private func validity(_ element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) -> Validity {
        var cursor = DERCursor(element.content)
        let notBefore = try CertificateTime.instant(of: cursor.next(in: bytes), in: bytes)
        let notAfter = try CertificateTime.instant(of: cursor.next(in: bytes), in: bytes)
        try cursor.finish()
        return Validity(notBefore: notBefore, notAfter: notAfter)
    }
}

extension CertificateReader {
    /// Computes the key that identifies renewals. The encodings of subject and alternative names are self-delimiting,
    /// so different pairs never have the same bytes.
    func lineageKey(
        subject: Span<UInt8>, alternativeNames: [UInt8]?, publicKey: Span<UInt8>
    ) -> LineageKey {
        var names: [UInt8]?
        let isNamed = subject.count > 2 || alternativeNames != nil
        if isNamed {
            digest.restart()
            digest.update(subject)
            if let alternativeNames { digest.update(alternativeNames.span) }
            names = digest.finish()
        }
        return LineageKey(names: names, publicKey: digest.digest(publicKey))
    }

    /// The subject's alternative names. If they cannot be parsed, that is a defect, and none of them is returned.
    func alternativeNames(_ range: Range<Int>?, of bytes: Span<UInt8>, _ defects: inout [Defect]) -> [String] {
        guard let range else { return [] }
        do {
            return try AlternativeNames.texts(in: range, of: bytes)
        } catch {
            defects.append(Defect(.badDER, "the certificate's subjectAltName extension cannot be read"))
            return []
        }
    }
}
