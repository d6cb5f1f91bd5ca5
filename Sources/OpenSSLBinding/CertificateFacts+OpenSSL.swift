import COpenSSL

extension CertificateFacts {
    /// Reads the facts from OpenSSL. A fact that OpenSSL cannot read becomes `other`, nil or empty, and the certificate
    /// is still accepted.
    init(_ certificate: OpaquePointer) {
        // A missing or malformed extension leaves irrelevant errors in the queue.
        defer { OpenSSLError.clear() }
        // This call makes OpenSSL parse the extensions once.
        X509_check_purpose(certificate, -1, 0)
        version = X509_get_version(certificate) + 1
        publicKey = PublicKeyFacts(X509_get0_pubkey(certificate))
        signature = SignatureFacts(of: certificate)
        authority = AuthorityStanding(of: certificate)
        let limit = X509_get_pathlen(certificate)
        pathLength = limit >= 0 ? limit : nil
        extendedKeyUsage = ExtendedKeyUsage(of: certificate)
        isSelfIssued = X509_get_extension_flags(certificate) & UInt32(EXFLAG_SI) != 0
        commonNames = Self.commonNames(in: X509_get_subject_name(certificate))
        issuerCommonNames = Self.commonNames(in: X509_get_issuer_name(certificate))
        extensionFlaws = ExtensionFlaw.all(in: certificate)
    }

    private static func commonNames(in name: OpaquePointer?) -> [String] {
        var names: [String] = []
        var index = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        while index >= 0 {
            if let text = text(of: X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index))) { names.append(text) }
            index = X509_NAME_get_index_by_NID(name, NID_commonName, index)
        }
        return names
    }

    /// Uses the string's length, since a NUL in it must not hide the rest.
    private static func text(of string: UnsafePointer<ASN1_STRING>?) -> String? {
        var allocated: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&allocated, string)
        guard count >= 0, let start = allocated else { return nil }
        defer { CRYPTO_free(start, nil, 0) }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }
}

extension PublicKeyFacts {
    fileprivate init(_ key: OpaquePointer?) {
        guard let key else {
            self = .other
            return
        }
        let bits = Int(EVP_PKEY_get_bits(key))
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: self = .rsa(bits: bits)
        case EVP_PKEY_DSA: self = .dsa(bits: bits)
        case EVP_PKEY_EC: self = .ellipticCurve(curve: Self.curve(of: key), bits: bits)
        case EVP_PKEY_ED25519, EVP_PKEY_ED448: self = .edwards
        default: self = .other
        }
    }

    private static func curve(of key: OpaquePointer) -> String? {
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
        return String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension SignatureFacts {
    fileprivate init(of certificate: OpaquePointer) {
        var digest: Int32 = NID_undef
        var key: Int32 = NID_undef
        X509_get_signature_info(certificate, &digest, &key, nil, nil)
        scheme =
            switch key {
            case NID_rsaEncryption: .rsa
            case NID_rsassaPss: .rsaPSS
            case NID_X9_62_id_ecPublicKey: .ecdsa
            case NID_dsa: .dsa
            case NID_ED25519, NID_ED448: .edwards
            default: .other
            }
        self.digest =
            switch digest {
            case NID_md2, NID_md4, NID_md5, NID_mdc2: .md5OrOlder
            case NID_sha1: .sha1
            case NID_sha224: .sha224
            case NID_sha256: .sha256
            case NID_sha384: .sha384
            case NID_sha512: .sha512
            default: .other
            }
    }
}

extension AuthorityStanding {
    fileprivate init(of certificate: OpaquePointer) {
        let isFlagged = X509_get_extension_flags(certificate) & UInt32(EXFLAG_CA) != 0
        // Without a keyUsage OpenSSL returns all bits set.
        let mayCertify = X509_get_key_usage(certificate) & UInt32(KU_KEY_CERT_SIGN) != 0
        self = !isFlagged ? .withoutCAFlag : mayCertify ? .authority : .withoutCertificateSigning
    }
}

extension ExtendedKeyUsage {
    fileprivate init?(of certificate: OpaquePointer) {
        let purposes = X509_get_extended_key_usage(certificate)
        guard purposes != UInt32.max else { return nil }
        self = []
        if purposes & UInt32(XKU_SSL_SERVER) != 0 { insert(.server) }
        if purposes & UInt32(XKU_SSL_CLIENT) != 0 { insert(.client) }
        if purposes & UInt32(XKU_ANYEKU) != 0 { insert(.any) }
    }
}
