import COpenSSL

/// A separate library context with obsolete algorithms. RC2-40 encrypts the certificates in PKCS #12 files of OpenSSL
/// 1, Windows and older versions of Java.
///
/// The context is separate so that nothing else in this process can use these algorithms.
final class LegacyLibrary: @unchecked Sendable {  // because it never changes after init, and OpenSSL locks inside
    /// Loaded on first use, and kept for the life of the process.
    static let shared = LegacyLibrary()

    let context: OpaquePointer?
    /// Whether the legacy provider could be loaded. Distributions may omit it.
    let hasLegacyAlgorithms: Bool

    private init() {
        OpenSSLError.clear()
        context = OSSL_LIB_CTX_new()
        let isLoaded = OSSL_PROVIDER_load(context, "default") != nil
        hasLegacyAlgorithms = OSSL_PROVIDER_load(context, "legacy") != nil && isLoaded
        OpenSSLError.clear()
    }
}
