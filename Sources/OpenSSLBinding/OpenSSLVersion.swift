import COpenSSL

/// The version of OpenSSL at run time, which may be newer than the one at build time.
package enum OpenSSLVersion {
    /// `3.0.19`
    package static let text = OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? "3"
}
