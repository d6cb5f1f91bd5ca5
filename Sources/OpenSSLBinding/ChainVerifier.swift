import COpenSSL

/// Verifies certificates against a set of trust anchors (RFC 5280 6.1, as OpenSSL implements it).
///
/// An anchor that is not a root is trusted without its root (`X509_V_FLAG_PARTIAL_CHAIN`). Certificate policies are not
/// checked. Each object must be used by one thread at a time.
package final class ChainVerifier {
    /// The use of the leaf.
    package enum Purpose: Hashable, Sendable {
        case client
        case server
        case any
    }

    /// The result of a verification.
    package struct Outcome {
        /// The path from the leaf upwards, as far as issuers were found. It contains the objects that were passed in.
        package let path: [ParsedCertificate]
        /// Empty if and only if the leaf is valid.
        package let failures: [VerificationFailure]
    }

    private let store: OpaquePointer
    private let anchors: [ParsedCertificate]
    private let revocationLists: [ParsedRevocationList]
    private let securityLevel: SecurityLevel

    /// With lists, every certificate of a path needs a complete list of its issuer that does not contain it.
    ///
    /// Delta lists are not added to the store: OpenSSL 3.0 treats the newest list of a CA as the complete one, so a
    /// delta list would hide the entries of its base. The caller applies them with `ParsedRevocationList.completes`
    /// (RFC 5280 5.2.4).
    ///
    /// - Parameters:
    ///   - anchors: the trusted CAs, which need not be roots.
    ///   - revocationLists: complete and delta lists.
    ///   - securityLevel: the minimum strength of the path's keys and signatures.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package init(
        anchors: [ParsedCertificate], revocationLists: [ParsedRevocationList] = [],
        securityLevel: SecurityLevel = .ofMachine
    ) throws(OpenSSLError) {
        OpenSSLError.clear()
        guard let store = X509_STORE_new() else { throw .drained(after: "X509_STORE_new") }
        let isFilled =
            anchors.allSatisfy { X509_STORE_add_cert(store, $0.pointer) == 1 }
            && revocationLists.allSatisfy { $0.isDelta || X509_STORE_add_crl(store, $0.pointer) == 1 }
        guard isFilled else {
            X509_STORE_free(store)
            throw .drained(after: "X509_STORE_add")
        }
        self.store = store
        self.anchors = anchors
        self.revocationLists = revocationLists
        self.securityLevel = securityLevel
    }

    deinit {
        X509_STORE_free(store)
    }

    /// Builds a path from `leaf` through `intermediates` and collects all of its failures.
    ///
    /// - Parameters:
    ///   - leaf: a certificate of any kind.
    ///   - intermediates: CAs that the path may contain.
    ///   - purpose: the required extended key usage and key usage.
    ///   - seconds: the time of verification, counted from 1970-01-01T00:00:00Z.
    /// - Returns: the path and its failures.
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package func verify(
        _ leaf: ParsedCertificate, intermediates: [ParsedCertificate] = [], purpose: Purpose = .any, at seconds: Int64
    ) throws(OpenSSLError) -> Outcome {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        guard let context = X509_STORE_CTX_new() else { throw .drained(after: "X509_STORE_CTX_new") }
        defer { X509_STORE_CTX_free(context) }
        guard let untrusted = OPENSSL_sk_new_null() else { throw .drained(after: "OPENSSL_sk_new_null") }
        // The stack borrows its elements from `intermediates`, which outlives this call.
        defer { OPENSSL_sk_free(untrusted) }
        for intermediate in intermediates {
            OPENSSL_sk_push(untrusted, UnsafeRawPointer(intermediate.pointer))
        }
        guard X509_STORE_CTX_init(context, store, leaf.pointer, untrusted) == 1 else {
            throw .drained(after: "X509_STORE_CTX_init")
        }
        configure(context, purpose: purpose, at: seconds)
        let record = FailureRecord(revocationLists: revocationLists)
        // This frame keeps the record alive until the verification, its only user, has ended.
        X509_STORE_CTX_set_ex_data(context, FailureRecord.index, Unmanaged.passUnretained(record).toOpaque())
        X509_STORE_CTX_set_verify_cb(context, collectFailure)
        let isVerified = withExtendedLifetime((record, intermediates, leaf)) { X509_verify_cert(context) == 1 }
        if !isVerified { record.appendStop(of: context) }
        let path = path(of: context, among: [leaf] + intermediates + anchors)
        return Outcome(path: path, failures: record.failures)
    }

    private func configure(_ context: OpaquePointer, purpose: Purpose, at seconds: Int64) {
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_time(parameters, time_t(seconds))
        X509_VERIFY_PARAM_set_auth_level(parameters, Int32(securityLevel.rawValue))
        var flags = UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST)
        if !revocationLists.isEmpty { flags |= UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) }
        X509_VERIFY_PARAM_set_flags(parameters, flags)
        switch purpose {
        case .client: X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_CLIENT)
        case .server: X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER)
        case .any: break
        }
    }

    /// OpenSSL's path contains the objects that were passed in, or equal ones.
    private func path(of context: OpaquePointer, among pool: [ParsedCertificate]) -> [ParsedCertificate] {
        let chain = X509_STORE_CTX_get0_chain(context)
        return (0..<max(0, OPENSSL_sk_num(chain))).compactMap { index in
            guard let value = OPENSSL_sk_value(chain, index) else { return nil }
            let certificate = OpaquePointer(value)
            return pool.first { $0.pointer == certificate } ?? pool.first { X509_cmp($0.pointer, certificate) == 0 }
        }
    }
}

/// The failures that the callback of one verification has collected.
private final class FailureRecord {
    /// The slot that `X509_STORE_CTX_set_app_data` uses.
    static let index: Int32 = 0
    /// Limits the memory for a malicious path, which can have many failures at each certificate.
    private static let limit = 64

    private(set) var failures: [VerificationFailure] = []
    private let revocationLists: [ParsedRevocationList]

    init(revocationLists: [ParsedRevocationList]) {
        self.revocationLists = revocationLists
    }

    /// The entry for the current certificate of OpenSSL's verification in the current list. OpenSSL forgets the current
    /// list once it has reported that the list is stale; then any list with an entry counts.
    func revocation(in context: OpaquePointer) -> VerificationFailure.Revocation? {
        let certificate = X509_STORE_CTX_get_current_cert(context)
        let current = X509_STORE_CTX_get0_current_crl(context)
        let lists = revocationLists.indices.lazy.filter {
            current == nil || self.revocationLists[$0].pointer == current
        }
        return lists.compactMap { index in
            RevocationListEntry(of: certificate, in: self.revocationLists[index].pointer)
                .map { VerificationFailure.Revocation(entry: $0, list: index) }
        }.first
    }

    /// Records a failure that stopped OpenSSL without a call of the callback, such as an undecodable key or exhausted
    /// memory.
    func appendStop(of context: OpaquePointer) {
        let stop = VerificationFailure(
            code: X509_STORE_CTX_get_error(context), depth: X509_STORE_CTX_get_error_depth(context))
        guard !failures.contains(where: { $0.code == stop.code && $0.depth == stop.depth }) else { return }
        append(stop)
    }

    func append(_ failure: VerificationFailure) {
        guard failures.count < Self.limit, !failures.contains(failure) else { return }
        failures.append(failure)
    }
}

/// Records a failure and lets OpenSSL continue, so that one failure does not hide the next.
private func collectFailure(isFine: Int32, context: OpaquePointer?) -> Int32 {
    guard isFine == 0, let context, let data = X509_STORE_CTX_get_ex_data(context, FailureRecord.index) else {
        return 1
    }
    let record = Unmanaged<FailureRecord>.fromOpaque(data).takeUnretainedValue()
    let code = X509_STORE_CTX_get_error(context)
    let revocation = code == X509_V_ERR_CERT_REVOKED ? record.revocation(in: context) : nil
    record.append(
        VerificationFailure(code: code, depth: X509_STORE_CTX_get_error_depth(context), revocation: revocation))
    return 1
}
