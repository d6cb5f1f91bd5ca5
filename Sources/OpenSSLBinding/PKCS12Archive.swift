import COpenSSL

/// A PKCS #12 file (RFC 7292), opened as far as the passphrase allows. Keys are neither decrypted nor kept.
///
/// It is read in two steps, since the file determines how long the check of its passphrase takes: read the costs first.
package final class PKCS12Archive {
    /// Why a part of the file could not be opened.
    package enum Failure: Error, Hashable, Sendable {
        /// The passphrase is wrong or the file is damaged. Decryption cannot distinguish the two.
        case refused
        /// OpenSSL does not support the algorithm.
        case unsupported(OpenSSLError)
    }

    /// The contents of the file, each in DER.
    package struct Contents: Sendable {
        package var certificates: [[UInt8]] = []
        package var revocationLists: [[UInt8]] = []
        /// The failures of the parts that could not be opened.
        package var failures: [Failure] = []
        /// The number of certificates and lists that could not be decoded.
        package var unreadable = 0
        /// Whether the opened parts contain private keys.
        package var holdsKeys = false
    }

    /// The maximum nesting of bags.
    private static let bagDepth = 8

    /// The iterations of the key derivation for the MAC. nil when the file has no MAC.
    package let macIterations: Int?
    /// The encryption of each part: an AlgorithmIdentifier in DER.
    package let encryptions: [[UInt8]]
    private let archive: OpaquePointer
    private let parts: OpaquePointer

    /// Parses the structure only. It uses no passphrase and decrypts nothing.
    ///
    /// - Throws: `OpenSSLError` with OpenSSL's reason.
    package init(_ bytes: borrowing Span<UInt8>) throws(OpenSSLError) {
        OpenSSLError.clear()
        let read = bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_PKCS12(nil, &position, buffer.count)
        }
        guard let archive = read else { throw .drained(after: "d2i_PKCS12") }
        guard let parts = PKCS12_unpack_authsafes(archive) else {
            PKCS12_free(archive)
            throw .drained(after: "PKCS12_unpack_authsafes")
        }
        self.archive = archive
        self.parts = parts
        macIterations = Self.macIterations(of: archive)
        encryptions = Self.all(parts).compactMap(Self.encrypted).map { part in
            DERStack.der(of: OpaquePointer(part.pointee.algorithm)) { i2d_X509_ALGOR(UnsafePointer($0), $1) }
        }
        OpenSSLError.clear()
    }

    deinit {
        for part in Self.all(parts) { PKCS7_free(part) }
        OPENSSL_sk_free(parts)
        PKCS12_free(archive)
    }

    /// Verifies the MAC of the file with this passphrase. nil means no passphrase, which differs from an empty one.
    package func verify(passphrase: String?) throws(Failure) {
        OpenSSLError.clear()
        let isVerified = PKCS12_verify_mac(archive, passphrase, passphrase == nil ? 0 : -1) == 1
        let error = OpenSSLError.drained(after: "PKCS12_verify_mac")
        guard !isVerified else { return }
        throw error.isUnsupported ? .unsupported(error) : .refused
    }

    /// Extracts the certificates and revocation lists. Parts that are not encrypted need no passphrase.
    package func contents(passphrase: String?) -> Contents {
        var contents = Contents()
        for part in Self.all(parts) {
            OpenSSLError.clear()
            do throws(Failure) {
                try Self.take(part, passphrase: passphrase, into: &contents)
            } catch {
                contents.failures.append(error)
            }
        }
        OpenSSLError.clear()
        return contents
    }
}

extension PKCS12Archive {
    private static func all(_ parts: OpaquePointer) -> [UnsafeMutablePointer<PKCS7>] {
        (0..<max(0, OPENSSL_sk_num(parts))).compactMap {
            OPENSSL_sk_value(parts, $0)?.assumingMemoryBound(to: PKCS7.self)
        }
    }

    /// The encrypted content of a part. nil when it is not encrypted.
    private static func encrypted(
        _ part: UnsafeMutablePointer<PKCS7>
    ) -> UnsafeMutablePointer<PKCS7_ENC_CONTENT>? {
        guard OBJ_obj2nid(part.pointee.type) == NID_pkcs7_encrypted else { return nil }
        return part.pointee.d.encrypted?.pointee.enc_data
    }

    private static func macIterations(of archive: OpaquePointer) -> Int? {
        guard PKCS12_mac_present(archive) == 1 else { return nil }
        var count: UnsafePointer<ASN1_INTEGER>?
        PKCS12_get0_mac(nil, nil, nil, &count, archive)
        // RFC 7292 section 4: DEFAULT 1.
        guard let count else { return 1 }
        var value: Int64 = 0
        // A count that does not fit is beyond any limit.
        return ASN1_INTEGER_get_int64(&value, count) == 1 ? Int(value) : .max
    }

    private static func take(
        _ part: UnsafeMutablePointer<PKCS7>, passphrase: String?, into contents: inout Contents
    ) throws(Failure) {
        let bags: OpaquePointer?
        if OBJ_obj2nid(part.pointee.type) == NID_pkcs7_data {
            bags = PKCS12_unpack_p7data(part)
        } else if let encrypted = encrypted(part) {
            let library = LegacyLibrary.shared
            bags = PKCS12_item_decrypt_d2i_ex(
                encrypted.pointee.algorithm, PKCS12_SAFEBAGS_it(), passphrase, passphrase == nil ? 0 : -1,
                encrypted.pointee.enc_data, 1, library.context, nil
            ).map { OpaquePointer($0) }
        } else {
            // Encrypted with a public key (RFC 7292 3.1), which no known tool does.
            throw .unsupported(OpenSSLError(call: "PKCS12_unpack_p7data", entries: []))
        }
        guard let bags else {
            let error = OpenSSLError.drained(after: "PKCS12_item_decrypt_d2i_ex")
            throw error.isUnsupported ? .unsupported(error) : .refused
        }
        defer { OPENSSL_sk_pop_free(bags) { PKCS12_SAFEBAG_free(OpaquePointer($0)) } }
        take(bags, depth: 0, into: &contents)
    }

    private static func take(_ bags: OpaquePointer, depth: Int, into contents: inout Contents) {
        for index in 0..<max(0, OPENSSL_sk_num(bags)) {
            guard let bag = OPENSSL_sk_value(bags, index).map({ OpaquePointer($0) }) else { continue }
            switch PKCS12_SAFEBAG_get_nid(bag) {
            case NID_certBag:
                let der = der(of: PKCS12_SAFEBAG_get1_cert(bag), i2d_X509, X509_free)
                if let der { contents.certificates.append(der) } else { contents.unreadable += 1 }
            case NID_crlBag:
                let der = der(of: PKCS12_SAFEBAG_get1_crl(bag), i2d_X509_CRL, X509_CRL_free)
                if let der { contents.revocationLists.append(der) } else { contents.unreadable += 1 }
            case NID_safeContentsBag where depth < bagDepth:
                if let inner = PKCS12_SAFEBAG_get0_safes(bag) { take(inner, depth: depth + 1, into: &contents) }
            case NID_keyBag, NID_pkcs8ShroudedKeyBag: contents.holdsKeys = true
            default: continue
            }
        }
    }

    /// The DER of `object`, which it frees.
    private static func der(
        of object: OpaquePointer?,
        _ encode: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32,
        _ free: (OpaquePointer?) -> Void
    ) -> [UInt8]? {
        guard let object else { return nil }
        defer { free(object) }
        return DERStack.der(of: object, encode)
    }
}
