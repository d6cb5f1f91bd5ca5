import COpenSSL

/// A flaw of a certificate's extension for which verifiers refuse the certificate (RFC 5280 4.2).
package struct ExtensionFlaw: Hashable, Sendable {
    /// The kind of flaw.
    package enum Kind: Hashable, Sendable {
        /// A certificate must not contain an extension more than once.
        case duplicate
        /// The value does not have the structure of its type.
        case malformed
    }

    package let kind: Kind
    /// `subjectAltName`, or the dotted identifier of an extension that OpenSSL has no name for. nil when OpenSSL does
    /// not report which extension it rejects.
    package let name: String?
}

extension ExtensionFlaw: CustomStringConvertible {
    /// `its extension subjectAltName occurs more than once (RFC 5280 4.2)`
    package var description: String {
        let subject = name.map { "its extension \($0)" } ?? "one of its extensions"
        return switch kind {
        case .duplicate: "\(subject) occurs more than once, which RFC 5280 4.2 forbids"
        case .malformed: "\(subject) is malformed"
        }
    }
}

extension ExtensionFlaw {
    /// The extensions that OpenSSL parses before it uses a certificate. If it fails to parse one, it refuses the
    /// certificate.
    private static let needed: Set<Int32> = [
        NID_basic_constraints, NID_key_usage, NID_ext_key_usage, NID_netscape_cert_type, NID_subject_key_identifier,
        NID_authority_key_identifier, NID_subject_alt_name, NID_name_constraints, NID_crl_distribution_points,
        NID_proxyCertInfo, NID_sbgp_ipAddrBlock, NID_sbgp_autonomousSysNum,
    ]

    /// All flaws of `certificate`, in the order of its extensions.
    static func all(in certificate: OpaquePointer) -> [ExtensionFlaw] {
        defer { OpenSSLError.clear() }
        // This call makes OpenSSL parse the extensions once.
        X509_check_purpose(certificate, -1, 0)
        let isRefused = X509_get_extension_flags(certificate) & UInt32(EXFLAG_INVALID) != 0
        var flaws: [ExtensionFlaw] = []
        for index in 0..<max(0, X509_get_ext_count(certificate)) {
            guard let found = X509_get_ext(certificate, index), let object = X509_EXTENSION_get_object(found) else {
                continue
            }
            let kind: Kind
            if X509_get_ext_by_OBJ(certificate, object, -1) < index {
                kind = .duplicate
            } else if isRefused, isMalformed(found) {
                kind = .malformed
            } else {
                continue
            }
            let flaw = ExtensionFlaw(kind: kind, name: name(of: object))
            if !flaws.contains(flaw) { flaws.append(flaw) }
        }
        return flaws.isEmpty && isRefused ? [ExtensionFlaw(kind: .malformed, name: nil)] : flaws
    }

    private static func name(of object: OpaquePointer) -> String {
        let number = OBJ_obj2nid(object)
        let text = number == NID_undef ? nil : OBJ_nid2sn(number).map { String(cString: $0) }
        return text ?? ObjectIdentifier(object).dotted
    }

    private static func isMalformed(_ found: OpaquePointer) -> Bool {
        let number = OBJ_obj2nid(X509_EXTENSION_get_object(found))
        guard needed.contains(number) else { return false }
        guard let value = X509V3_EXT_d2i(found) else { return true }
        defer { free(value, of: found) }
        switch number {
        // A keyUsage without any bit, which OpenSSL rejects as well (RFC 5280 4.2.1.3).
        case NID_key_usage:
            let bits = UnsafePointer<ASN1_STRING>(OpaquePointer(value))
            let octets = UnsafeBufferPointer(start: ASN1_STRING_get0_data(bits), count: Int(ASN1_STRING_length(bits)))
            return octets.allSatisfy { $0 == 0 }
        case NID_basic_constraints:
            let limit = value.assumingMemoryBound(to: BASIC_CONSTRAINTS.self).pointee.pathlen
            return limit.map { $0.pointee.type == V_ASN1_NEG_INTEGER } ?? false
        default: return false
        }
    }

    /// Frees the value that `X509V3_EXT_d2i` returned for `found`.
    private static func free(_ value: UnsafeMutableRawPointer, of found: OpaquePointer) {
        guard let method = X509V3_EXT_get(found)?.pointee else { return }
        if let item = method.it {
            ASN1_item_free(OpaquePointer(value), item())
        } else {
            method.ext_free?(value)
        }
    }
}
