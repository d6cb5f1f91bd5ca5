import COpenSSL

/// A library context of our own with algorithms that are obsolete: RC2-40 protects the certificates of
/// every PKCS #12 file that OpenSSL 1, Windows and older Javas wrote.
///
/// Its own, so that nothing else in this process can come to use them.
final class LegacyLibrary: @unchecked Sendable {  // because it never changes after init, and OpenSSL locks inside
    /// Loaded on first use, and for the life of the process.
    static let shared = LegacyLibrary()

    let context: OpaquePointer?
    /// Whether the legacy provider could be loaded: distributions may leave it out.
    let hasLegacyAlgorithms: Bool

    private init() {
        OpenSSLError.clear()
        context = OSSL_LIB_CTX_new()
        let isLoaded = OSSL_PROVIDER_load(context, "default") != nil
        hasLegacyAlgorithms = OSSL_PROVIDER_load(context, "legacy") != nil && isLoaded
        OpenSSLError.clear()
    }
}
