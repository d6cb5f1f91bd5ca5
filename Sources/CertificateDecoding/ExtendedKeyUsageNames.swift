import Certificates
import OpenSSLBinding

extension CertificateDecoder {
    /// What the extended key usage of a certificate allows (RFC 5280 4.2.1.12), such as `clientAuth`, in its order.
    ///
    /// - Parameters:
    ///   - der: of a certificate.
    ///   - facts: of the same certificate, which count where only OpenSSL can read it.
    /// - Returns: nil without the extension, which allows everything; empty where it allows nothing that can be read.
    package func extendedKeyUsages(of der: [UInt8], facts: CertificateFacts) -> [String]? {
        reader.extendedKeyUsages(of: der, facts: facts)
    }
}

extension CertificateReader {
    fileprivate func extendedKeyUsages(of der: [UInt8], facts: CertificateFacts) -> [String]? {
        do throws(DERRefusal) {
            let bytes = der.span
            guard let purposes = try extendedKeyUsage(of: bytes) else { return nil }
            // What cannot be read allows nobody anything, whatever it was meant to say.
            return (try? names(purposes, of: bytes)) ?? []
        } catch {
            // A certificate that only OpenSSL can read shows what OpenSSL makes of it.
            return facts.extendedKeyUsage?.names
        }
    }

    /// Where the KeyPurposeIds of the first extendedKeyUsage lie, whatever is wrong with the other extensions.
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

    /// As RFC 5280 names them; OpenSSL's long names say "TLS Web Client Authentication".
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
