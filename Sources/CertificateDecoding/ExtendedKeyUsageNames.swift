import Certificates
import OpenSSLBinding

extension CertificateDecoder {
    /// The purposes of a certificate's extended key usage (RFC 5280 4.2.1.12), such as `clientAuth`, in its order.
    ///
    /// - Parameters:
    ///   - der: the certificate.
    ///   - facts: its facts, which are used when only OpenSSL can parse the certificate.
    /// - Returns: nil without the extension, which allows every purpose. Empty when the extension cannot be parsed.
    package func extendedKeyUsages(of der: [UInt8], facts: CertificateFacts) -> [String]? {
        reader.extendedKeyUsages(of: der, facts: facts)
    }
}

extension CertificateReader {
    fileprivate func extendedKeyUsages(of der: [UInt8], facts: CertificateFacts) -> [String]? {
        do throws(DERRefusal) {
            let bytes = der.span
            guard let purposes = try extendedKeyUsage(of: bytes) else { return nil }
            // An unreadable extension allows nothing.
            return (try? names(purposes, of: bytes)) ?? []
        } catch {
            // For a certificate that only OpenSSL can parse, use OpenSSL's result.
            return facts.extendedKeyUsage?.names
        }
    }

    /// The range of the KeyPurposeIds of the first extendedKeyUsage, even if other extensions are malformed.
    private func extendedKeyUsage(of bytes: Span<UInt8>) throws(DERRefusal) -> Range<Int>? {
        var certificate = DERCursor(0..<bytes.count)
        var outer = DERCursor(try certificate.next(0x30, in: bytes).content)
        var fields = DERCursor(try outer.next(0x30, in: bytes).content)
        _ = try fields.nextIf(0xA0, in: bytes)
        // Serial number, signature algorithm, issuer, validity, subject, public key.
        for _ in 0..<6 { _ = try fields.next(in: bytes) }
        guard let tagged = try fields.nextIf(0xA3, in: bytes) else { return nil }
        var list = DERCursor(tagged.content)
        var extensions = DERCursor(try list.next(0x30, in: bytes).content)
        while !extensions.isAtEnd {
            var found = DERCursor(try extensions.next(0x30, in: bytes).content)
            let identifier = bytes.bytes(try found.nextObjectIdentifier(in: bytes).content)
            _ = try found.nextIf(0x01, in: bytes)
            let value = try found.next(0x04, in: bytes)
            if identifier == [0x55, 0x1D, 0x25] { return value.content }
        }
        return nil
    }

    private func names(_ range: Range<Int>, of bytes: Span<UInt8>) throws(DERRefusal) -> [String] {
        var outer = DERCursor(range)
        var purposes = DERCursor(try outer.next(0x30, in: bytes).content)
        var names: [String] = []
        while !purposes.isAtEnd {
            let identifier = bytes.bytes(try purposes.nextObjectIdentifier(in: bytes).content)
            names.append(Self.purposeNames[identifier] ?? algorithms.name(identifier))
        }
        return names
    }

    /// The names of RFC 5280. OpenSSL's long names are texts such as "TLS Web Client Authentication".
    private static let purposeNames: [[UInt8]: String] = {
        let purposes: [UInt8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03]
        return [
            purposes + [1]: "serverAuth", purposes + [2]: "clientAuth", purposes + [3]: "codeSigning",
            purposes + [4]: "emailProtection", purposes + [8]: "timeStamping", purposes + [9]: "OCSPSigning",
            [0x55, 0x1D, 0x25, 0x00]: "anyExtendedKeyUsage",
        ]
    }()
}

extension ExtendedKeyUsage {
    fileprivate var names: [String] {
        [(Self.server, "serverAuth"), (.client, "clientAuth"), (.any, "anyExtendedKeyUsage")]
            .compactMap { usage, name in contains(usage) ? name : nil }
    }
}
