import Certificates
import OpenSSLBinding

/// The positions of the certificates and revocation lists in a SignedData of PKCS #7 or CMS (RFC 5652 5.1).
///
///     ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, [0] EXPLICIT SignedData }
///     SignedData ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo SEQUENCE,
///         certificates [0] IMPLICIT SET OPTIONAL, crls [1] IMPLICIT SET OPTIONAL, signerInfos SET }
struct SignedData {
    private(set) var certificates: [Range<Int>] = []
    private(set) var revocationLists: [Range<Int>] = []
    /// Without a signer it only transports certificates.
    private(set) var hasSigners = false

    /// Whether `bytes` begin like such a ContentInfo, in DER or BER.
    static func opens(_ bytes: Span<UInt8>) -> Bool {
        guard let type = CertificateMark.skipHeaders([0x30], of: bytes) else { return false }
        // 1.2.840.113549.1.7.2, with its tag and length.
        let expected: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]
        return type + expected.count <= bytes.count && expected.indices.allSatisfy { bytes[type + $0] == expected[$0] }
    }

    /// Parses `bytes`. Only white space and zeros may follow.
    init(_ bytes: Span<UInt8>) throws(DERRefusal) {
        var outer = DERCursor(0..<bytes.count)
        var info = DERCursor(try outer.next(0x30, in: bytes).content)
        _ = try info.nextObjectIdentifier(in: bytes)
        var explicit = DERCursor(try info.next(0xA0, in: bytes).content)
        try info.finish()
        var fields = DERCursor(try explicit.next(0x30, in: bytes).content)
        try explicit.finish()
        _ = try fields.nextInteger(in: bytes)
        _ = try fields.next(0x31, in: bytes)
        _ = try fields.next(0x30, in: bytes)
        certificates = try Self.sequences(in: fields.nextIf(0xA0, in: bytes), of: bytes)
        revocationLists = try Self.sequences(in: fields.nextIf(0xA1, in: bytes), of: bytes)
        hasSigners = try !fields.next(0x31, in: bytes).content.isEmpty
        try fields.finish()
    }

    /// The elements that are SEQUENCEs. Others are tagged: attribute certificates, OCSP responses and others.
    private static func sequences(in set: DERElement?, of bytes: Span<UInt8>) throws(DERRefusal) -> [Range<Int>] {
        guard let set else { return [] }
        var ranges: [Range<Int>] = []
        var cursor = DERCursor(set.content)
        while !cursor.isAtEnd {
            let element = try cursor.next(in: bytes)
            if element.tag == 0x30 { ranges.append(element.range) }
        }
        return ranges
    }
}

extension Decoding {
    /// Decodes the certificates and revocation lists of PKCS #7 or CMS.
    mutating func takeSignedData(_ bytes: Span<UInt8>) {
        do throws(DERRefusal) {
            let signed = try SignedData(bytes)
            for range in signed.certificates { takeCertificate(allOf: bytes.extracting(range)) }
            for range in signed.revocationLists { takeRevocationList(bytes.extracting(range)) }
            reportEmpty(signed.certificates.isEmpty && signed.revocationLists.isEmpty && !signed.hasSigners)
        } catch {
            takeParsedSignedData(bytes)
        }
    }

    /// Lets OpenSSL parse BER, whose lengths may be indefinite.
    private mutating func takeParsedSignedData(_ bytes: Span<UInt8>) {
        guard bytes.count <= Self.parsedLimit else {
            return report(.badDER, "this PKCS #7 is no DER, and too large to be read as BER")
        }
        do throws(OpenSSLError) {
            let signed = try OpenSSLSignedData(bytes)
            for der in signed.certificates { takeCertificate(allOf: der.span) }
            for der in signed.revocationLists { takeRevocationList(der.span) }
            reportEmpty(signed.certificates.isEmpty && signed.revocationLists.isEmpty && !signed.hasSigners)
        } catch {
            // A block may contain another kind of PKCS #7, encrypted or a digest. These contain no usable certificates.
            guard SignedData.opens(bytes) else { return }
            report(.badDER, "this is no PKCS #7 that OpenSSL can read (\(error))")
        }
    }

    private mutating func reportEmpty(_ isEmpty: Bool) {
        guard isEmpty else { return }
        report(.noCertificateFound, "it is PKCS #7 without a signature, and holds no certificate")
    }
}
