import Certificates
import OpenSSLBinding

extension Decoding {
    /// Decodes a file that begins like a certificate in DER.
    mutating func takeCertificates(der bytes: Span<UInt8>) {
        let isMarked = CertificateMark.stands(inDER: bytes)
        // Two nested SEQUENCEs. No key begins like this, and OpenSSL handles other content of this form well.
        guard isMarked || CertificateMark.isConceivable(inDER: bytes) else { return }
        let (entries, defects) = (found.entries.count, found.defects.count)
        takeCertificate(allOf: bytes)
        // A certificate request begins like a certificate of version 1 and is not a malformed certificate.
        if found.entries.count == entries, !isMarked { forgetDefects(from: defects) }
    }

    /// Decodes the certificate `der`. TLS software ignores content after a certificate, so that is a defect unless it
    /// is padding.
    mutating func takeCertificate(allOf der: Span<UInt8>) {
        guard let end = takeFirstCertificate(of: der), end < der.count else { return }
        let rest = der.extracting(end..<der.count)
        let isPadding = rest.indices.allSatisfy { [0x00, 0x09, 0x0A, 0x0D, 0x20].contains(rest[$0]) }
        guard !isPadding else { return }
        let isAnother = CertificateMark.stands(inDER: rest)
        report(
            .badDER,
            isAnother
                ? "another certificate follows the first, where TLS software does not look for it; use PEM for several"
                : "\(counted(rest.count, "byte")) after a certificate \(agreeing(rest.count, "is", "are")) no certificate"
        )
    }

    /// Decodes the certificate at the start of `der`, which others may follow.
    ///
    /// - Returns: the end of the certificate. nil when it is unknown.
    mutating func takeFirstCertificate(of der: Span<UInt8>) -> Int? {
        var cursor = DERCursor(0..<der.count)
        var end: Int?
        do throws(DERRefusal) {
            let element = try cursor.next(0x30, in: der)
            end = element.content.upperBound
            let fingerprint = reader.fingerprint(of: der.extracting(element.range))
            guard !knows(fingerprint) else {
                append(.known(fingerprint))
                return end
            }
            append(try reader.certificate(element, of: der, fingerprint: fingerprint))
            keep(der.extracting(element.range), of: fingerprint)
            return end
        } catch {
            return takeParsed(der.extracting(0..<(end ?? der.count))) ?? end
        }
    }

    /// Lets OpenSSL parse a certificate that our reader refused.
    private mutating func takeParsed(_ der: Span<UInt8>) -> Int? {
        guard mayAsk else { return nil }
        do throws(OpenSSLError) {
            let parsed = try OpenSSLCertificate(der)
            let fingerprint = reader.fingerprint(of: der.extracting(0..<parsed.length))
            guard !knows(fingerprint) else {
                append(.known(fingerprint))
                return parsed.length
            }
            append(reader.certificate(parsed: parsed, fingerprint: fingerprint))
            keep(der.extracting(0..<parsed.length), of: fingerprint)
            return parsed.length
        } catch {
            refuse(error)
            return nil
        }
    }

    private mutating func append(_ read: ReadCertificate) {
        append(.read(read.certificate))
        for defect in read.defects { report(defect) }
    }
}

extension CertificateReader {
    /// The SHA-256 of `der`.
    func fingerprint(of der: Span<UInt8>) -> Fingerprint {
        guard let fingerprint = Fingerprint(bytes: digest.digest(der)) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return fingerprint
    }
}
