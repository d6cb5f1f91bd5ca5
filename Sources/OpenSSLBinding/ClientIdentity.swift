import COpenSSL

/// The identity of a TLS client: its certificate, the chain that is sent with it, and its private key.
///
/// The key stays in OpenSSL or on its token and cannot be printed.
package final class ClientIdentity: @unchecked Sendable {  // because neither certificates nor key change after init
    /// The client's own certificate in DER.
    package let certificateDER: [UInt8]
    /// The DER of the issuer names of all certificates that are sent.
    package let issuersDER: [[UInt8]]
    private let certificates: [OwnedCertificate]
    private let key: OpaquePointer

    /// - Parameters:
    ///   - certificatePEM: the client's certificate first, then the CAs that lead to one that the server knows.
    ///   - keyPEM: the private key. It may be the same file.
    ///   - passphrase: the passphrase of the key. Without one an encrypted key is an error; there is no prompt.
    /// - Throws: `IdentityError`, which names the input at fault.
    package convenience init(
        certificatePEM: [UInt8], keyPEM: [UInt8], passphrase: String? = nil
    ) throws(IdentityError) {
        try self.init(certificatePEM: certificatePEM) { () throws(TLSMaterialError) in
            try PEMInput.key(in: keyPEM, passphrase: passphrase.map { Array($0.utf8) })
        }
    }

    /// Uses a key on a token, which signs at each handshake.
    ///
    /// - Parameters:
    ///   - certificatePEM: as above.
    ///   - tokenURI: the URI of the private key (RFC 7512), without a PIN.
    ///   - pin: the PIN for the token. nil when it needs none. There is no prompt.
    /// - Throws: `IdentityError`
    package convenience init(
        certificatePEM: [UInt8], tokenURI: String, pin: String?
    ) throws(IdentityError) {
        try self.init(certificatePEM: certificatePEM) { () throws(TLSMaterialError) in
            try TokenKey.load(tokenURI, pin: pin.map { Array($0.utf8) })
        }
    }

    private convenience init(
        certificatePEM: [UInt8], key load: () throws(TLSMaterialError) -> OpaquePointer
    ) throws(IdentityError) {
        let certificates: [OwnedCertificate]
        do throws(TLSMaterialError) {
            certificates = try OwnedCertificate.all(inPEM: certificatePEM)
        } catch {
            throw IdentityError(part: .certificate, reason: error)
        }
        guard !certificates.isEmpty else { throw IdentityError(part: .certificate, reason: .noCertificate) }
        let key: OpaquePointer
        do throws(TLSMaterialError) {
            key = try load()
        } catch {
            throw IdentityError(part: .key, reason: error)
        }
        try self.init(certificates: certificates, key: key)
    }

    /// Reads certificate, chain and key from a PKCS #12 file.
    ///
    /// - Throws: `IdentityError`
    package convenience init(pkcs12 bytes: [UInt8], passphrase: String) throws(IdentityError) {
        let contents: PKCS12Identity
        do throws(TLSMaterialError) {
            contents = try PKCS12Identity(bytes, passphrase: passphrase)
        } catch {
            throw IdentityError(part: .certificate, reason: error)
        }
        try self.init(certificates: contents.certificates, key: contents.key)
    }

    /// Takes ownership of `key`, even when it throws.
    private init(certificates: [OwnedCertificate], key: OpaquePointer) throws(IdentityError) {
        guard let leaf = certificates.first else { preconditionFailure("an identity without a certificate") }
        let isPair = X509_check_private_key(leaf.pointer, key) == 1
        OpenSSLError.clear()
        guard isPair else {
            EVP_PKEY_free(key)
            throw IdentityError(part: .key, reason: .keyMismatch)
        }
        self.certificates = certificates
        self.key = key
        self.certificateDER = leaf.der
        self.issuersDER = certificates.map(\.issuerDER)
    }

    /// The DER of all certificates that are sent, the client's own first.
    package var chainDER: [[UInt8]] { certificates.map(\.der) }

    deinit {
        EVP_PKEY_free(key)
    }

    /// Makes the `SSL_CTX` use this identity.
    ///
    /// - Returns: false when OpenSSL rejects it, for example a key that is too weak for its security level.
    package func install(into context: OpaquePointer) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        guard
            let leaf = certificates.first, SSL_CTX_use_certificate(context, leaf.pointer) == 1,
            SSL_CTX_use_PrivateKey(context, key) == 1
        else { return false }
        return certificates.dropFirst().allSatisfy { certificate in
            // The macro SSL_CTX_add1_chain_cert; 1 takes a reference.
            SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer(certificate.pointer)) == 1
        }
    }
}
