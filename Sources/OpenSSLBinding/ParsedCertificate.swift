import COpenSSL

/// A certificate in OpenSSL's hands, for verification. It belongs to one thread at a time: OpenSSL fills it lazily.
package final class ParsedCertificate {
    /// As it was read.
    package let der: [UInt8]
    package let facts: CertificateFacts
    private let certificate: OwnedCertificate

    /// - Throws: `OpenSSLError` unless `der` is one certificate and nothing else.
    package init(der: [UInt8]) throws(OpenSSLError) {
        let certificate = try OwnedCertificate(der: der)
        self.der = der
        self.certificate = certificate
        self.facts = CertificateFacts(certificate.pointer)
    }

    /// For calls into OpenSSL that do not outlive this object.
    var pointer: OpaquePointer { certificate.pointer }

    /// Whether `issuer` says that it issued this certificate: names, key identifiers and key usage agree, and it may be a
    /// CA. Costs no cryptography.
    package func names(asIssuer issuer: ParsedCertificate) -> Bool {
        defer { OpenSSLError.clear() }
        return X509_check_issued(issuer.pointer, pointer) == X509_V_OK && X509_check_ca(issuer.pointer) > 0
    }

    /// Whether the key of `issuer` made this certificate's signature.
    package func signatureVerifies(byKeyOf issuer: ParsedCertificate) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        guard let key = X509_get0_pubkey(issuer.pointer) else { return false }
        return X509_verify(pointer, key) == 1
    }

    /// Whether the first private key in `pem`, which `passphrase` opens if it is encrypted, is this certificate's. Nobody is
    /// asked for a passphrase.
    ///
    /// - Throws: `TLSMaterialError` where there is no key that can be read.
    package func isPair(withKeyPEM pem: [UInt8], passphrase: [UInt8]? = nil) throws(TLSMaterialError) -> Bool {
        let key = try PEMInput.key(in: pem, passphrase: passphrase)
        defer {
            EVP_PKEY_free(key)
            OpenSSLError.clear()
        }
        return X509_check_private_key(pointer, key) == 1
    }
}
