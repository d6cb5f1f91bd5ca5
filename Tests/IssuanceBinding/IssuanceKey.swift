import COpenSSL

/// A private key for one test run, with the functions that issuing needs. notafter itself never signs and never makes
/// keys.
package final class IssuanceKey: @unchecked Sendable {  // because the key is never changed after it was made
    /// The kinds of keys that tests use.
    package enum Kind: Sendable {
        case p256
        case p384
        /// Too short for use outside tests.
        case p192
        case rsa2048
        /// Too short for use outside tests.
        case rsa1024
        case dsa1024
        case ed25519
    }

    /// The digest to sign. Ed25519 has its own.
    package enum Digest: Sendable {
        case md5
        case sha1
        case sha256
        case sha384
    }

    package let kind: Kind
    private let key: OpaquePointer

    /// Generates a new key.
    package init(_ kind: Kind = .p256) throws(IssuanceError) {
        guard let context = try Self.generator(of: kind) else { throw IssuanceError("EVP_PKEY_CTX_new") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1 else { throw IssuanceError("EVP_PKEY_keygen_init") }
        let isSet =
            switch kind {
            case .p256: EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
            case .p384: EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_secp384r1)
            case .p192: EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime192v1)
            case .rsa2048: EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2_048)
            case .rsa1024: EVP_PKEY_CTX_set_rsa_keygen_bits(context, 1_024)
            case .dsa1024, .ed25519: Int32(1)
            }
        guard isSet == 1 else { throw IssuanceError("EVP_PKEY_CTX_set") }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen(context, &made) == 1, let made else { throw IssuanceError("EVP_PKEY_keygen") }
        self.kind = kind
        self.key = made
    }

    deinit {
        EVP_PKEY_free(key)
    }

    private static func generator(of kind: Kind) throws(IssuanceError) -> OpaquePointer? {
        switch kind {
        case .p256, .p384, .p192: return EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        case .rsa2048, .rsa1024: return EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        case .ed25519: return EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
        case .dsa1024:
            let context = EVP_PKEY_CTX_new_id(EVP_PKEY_DSA, nil)
            defer { EVP_PKEY_CTX_free(context) }
            var parameters: OpaquePointer?
            guard
                EVP_PKEY_paramgen_init(context) == 1, EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 1_024) == 1,
                EVP_PKEY_paramgen(context, &parameters) == 1
            else { throw IssuanceError("EVP_PKEY_paramgen") }
            defer { EVP_PKEY_free(parameters) }
            return EVP_PKEY_CTX_new(parameters, nil)
        }
    }

    /// The key in PKCS#8 PEM, unencrypted.
    package func pem() throws(IssuanceError) -> String {
        guard let output = BIO_new(BIO_s_mem()) else { throw IssuanceError("BIO_new") }
        defer { BIO_free(output) }
        guard PEM_write_bio_PKCS8PrivateKey(output, key, nil, nil, 0, nil, nil) == 1 else {
            throw IssuanceError("PEM_write_bio_PKCS8PrivateKey")
        }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = BIO_read(output, &bytes, Int32(bytes.count))
        guard count > 0 else { throw IssuanceError("BIO_read") }
        return String(decoding: bytes.prefix(Int(count)), as: UTF8.self)
    }

    /// The SubjectPublicKeyInfo in DER.
    package func publicKeyDER() throws(IssuanceError) -> [UInt8] {
        let count = i2d_PUBKEY(key, nil)
        guard count > 0 else { throw IssuanceError("i2d_PUBKEY") }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            _ = i2d_PUBKEY(key, &position)
        }
        return bytes
    }

    /// The signature over the digest of `message`: ECDSA, DSA, Ed25519, or RSA with PKCS#1 v1.5 padding.
    package func signature(over message: [UInt8], digest: Digest = .sha256) throws(IssuanceError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw IssuanceError("EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit(context, nil, algorithm(digest), nil, key) == 1 else {
            throw IssuanceError("EVP_DigestSignInit")
        }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key)))
        var count = signature.count
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
            throw IssuanceError("EVP_DigestSign")
        }
        return Array(signature.prefix(count))
    }

    private func algorithm(_ digest: Digest) -> OpaquePointer? {
        guard kind != .ed25519 else { return nil }
        return switch digest {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        }
    }
}

/// The name of the OpenSSL call that failed.
package struct IssuanceError: Error, CustomStringConvertible {
    package let description: String

    init(_ call: String) {
        description = "\(call) failed"
        ERR_clear_error()
    }
}

/// The digests in certificates and in tests.
package enum IssuanceDigest {
    /// 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        digest(bytes, EVP_sha256(), length: 32)
    }

    /// 20 bytes, as in key identifiers (RFC 5280 4.2.1.2).
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        digest(bytes, EVP_sha1(), length: 20)
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: OpaquePointer?, length: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: length)
        precondition(EVP_Digest(bytes, bytes.count, &result, nil, algorithm, nil) == 1, "EVP_Digest failed")
        return result
    }
}
