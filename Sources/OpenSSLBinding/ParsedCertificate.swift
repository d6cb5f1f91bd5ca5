import COpenSSL

/// A certificate that OpenSSL has parsed for verification. It must be used by one thread at a time, since OpenSSL
/// caches its extensions lazily.
package final class ParsedCertificate {
    /// The DER as it was read.
    package let der: [UInt8]
    package let facts: CertificateFacts
    private let certificate: OwnedCertificate

    /// - Throws: `OpenSSLError` unless `der` is exactly one certificate.
    package init(der: [UInt8]) throws(OpenSSLError) {
        let certificate = try OwnedCertificate(der: der)
        self.der = der
        self.certificate = certificate
        self.facts = CertificateFacts(certificate.pointer)
    }

    /// For calls of OpenSSL that end before this object is freed.
    var pointer: OpaquePointer { certificate.pointer }

    /// Whether `issuer` may have issued this certificate: names, key identifiers and key usage match, and it may be a
    /// CA. The signature is not verified.
    package func names(asIssuer issuer: ParsedCertificate) -> Bool {
        defer { OpenSSLError.clear() }
        return X509_check_issued(issuer.pointer, pointer) == X509_V_OK && X509_check_ca(issuer.pointer) > 0
    }

    /// Whether this certificate's signature verifies with the key of `issuer`.
    package func signatureVerifies(byKeyOf issuer: ParsedCertificate) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        guard let key = X509_get0_pubkey(issuer.pointer) else { return false }
        return X509_verify(pointer, key) == 1
    }

    /// Whether the first private key in `pem` belongs to this certificate. `passphrase` decrypts an encrypted key;
    /// there is no prompt.
    ///
    /// - Throws: `TLSMaterialError` when no key can be read.
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
