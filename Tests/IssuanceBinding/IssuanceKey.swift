import COpenSSL

/// A private key made for one test run, and what issuing with it needs. notafter itself never signs or makes keys.
package final class IssuanceKey: @unchecked Sendable {  // because the key is never changed after it was made
    /// What keys tests ask for.
    package enum Kind: Sendable {
        case p256
        case rsa2048
    }

    package let kind: Kind
    private let key: OpaquePointer

    /// Makes a new key.
    package init(_ kind: Kind = .p256) throws(IssuanceError) {
        let algorithm = kind == .p256 ? EVP_PKEY_EC : EVP_PKEY_RSA
        guard let context = EVP_PKEY_CTX_new_id(algorithm, nil) else { throw IssuanceError("EVP_PKEY_CTX_new_id") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1 else { throw IssuanceError("EVP_PKEY_keygen_init") }
        let isSet =
            switch kind {
            case .p256: EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
            case .rsa2048: EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2_048)
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

    /// The signature over the SHA-256 of `message`: ECDSA, or RSA with PKCS#1 v1.5 padding.
    package func signature(over message: [UInt8]) throws(IssuanceError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw IssuanceError("EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1 else {
            throw IssuanceError("EVP_DigestSignInit")
        }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key)))
        var count = signature.count
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
            throw IssuanceError("EVP_DigestSign")
        }
        return Array(signature.prefix(count))
    }
}

/// The OpenSSL call that failed. Tests need no more.
package struct IssuanceError: Error, CustomStringConvertible {
    package let description: String

    init(_ call: String) {
        description = "\(call) failed"
        ERR_clear_error()
    }
}

/// Digests that a certificate's issuer writes into it, and that tests compare with.
package enum IssuanceDigest {
    /// 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        digest(bytes, EVP_sha256(), length: 32)
    }

    /// 20 bytes, as key identifiers have them (RFC 5280 4.2.1.2).
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        digest(bytes, EVP_sha1(), length: 20)
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: OpaquePointer?, length: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: length)
        precondition(EVP_Digest(bytes, bytes.count, &result, nil, algorithm, nil) == 1, "EVP_Digest failed")
        return result
    }
}
