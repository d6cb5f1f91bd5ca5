import COpenSSL

/// The OpenSSL that this process runs on, which may be newer than the one that it was built with.
package enum OpenSSLVersion {
    /// `3.0.19`
    package static let text = OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? "3"
}
