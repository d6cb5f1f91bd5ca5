import COpenSSL

/// SHA-1 for old formats that require it. It is not used for security.
package enum SHA1 {
    /// The 20 bytes of the digest of the concatenated `parts`.
    package static func digest(_ parts: [[UInt8]]) throws(OpenSSLError) -> [UInt8] {
        OpenSSLError.clear()
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, EVP_sha1(), nil) == 1 else {
            throw .drained(after: "EVP_DigestInit_ex2")
        }
        defer { EVP_MD_CTX_free(context) }
        for part in parts { EVP_DigestUpdate(context, part, part.count) }
        var digest = [UInt8](repeating: 0, count: 20)
        guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw .drained(after: "EVP_DigestFinal_ex") }
        return digest
    }
}
