import COpenSSL

/// Computes SHA-256 of many inputs, one after the other, with one context.
///
/// The one-shot `SHA256()` fetches the algorithm at each call, under a lock that all threads share. Each object must be
/// used by one thread at a time.
package final class SHA256 {
    private let algorithm: OpaquePointer
    private let context: OpaquePointer

    /// Fetches the algorithm.
    ///
    /// - Throws: `OpenSSLError` when no provider has SHA-256, or memory is exhausted.
    package init() throws(OpenSSLError) {
        OpenSSLError.clear()
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { throw .drained(after: "EVP_MD_fetch") }
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, algorithm, nil) == 1 else {
            EVP_MD_free(algorithm)
            throw .drained(after: "EVP_DigestInit_ex2")
        }
        self.algorithm = algorithm
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    /// The 32 bytes of the digest of `bytes`.
    package func digest(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
        restart()
        update(bytes)
        return finish()
    }

    /// The 32 bytes of the digest of `bytes`.
    package func digest(_ bytes: [UInt8]) -> [UInt8] {
        digest(bytes.span)
    }

    /// Begins a new digest and discards what was added since the last `finish`.
    package func restart() {
        // Restarting with the same algorithm allocates nothing and cannot fail.
        precondition(EVP_DigestInit_ex2(context, nil, nil) == 1, "SHA-256 cannot start over")
    }

    /// Adds `bytes` to the digest.
    package func update(_ bytes: borrowing Span<UInt8>) {
        let isAdded = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(isAdded == 1, "SHA-256 takes any bytes up to 2^61")
    }

    /// The 32 bytes of the digest of all bytes since `restart`.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            precondition(EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1, "SHA-256 cannot end")
            count = 32
        }
    }
}
