import COpenSSL
import Synchronization

/// Records the path with which OpenSSL verified a TLS server's certificate during a handshake. A server may present
/// more certificates than this path needs, such as a cross-certificate for older clients.
package final class VerifiedPathRecorder: Sendable {
    private let path = Mutex<[[UInt8]]>([])

    package init() {}

    /// The DER of the certificates from the server's own to the trust anchor. Empty until a verification succeeds.
    package var certificates: [[UInt8]] { path.withLock(\.self) }

    /// Makes the `SSL_CTX` record its path here. The recorder must outlive the connection's handshake.
    package func install(into context: OpaquePointer) {
        SSL_CTX_set_cert_verify_callback(context, verifyAndRecord, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func record(_ certificates: [[UInt8]]) {
        path.withLock { $0 = certificates }
    }
}

/// OpenSSL calls this in place of `X509_verify_cert`, whose result it returns.
private func verifyAndRecord(context: OpaquePointer?, recorder: UnsafeMutableRawPointer?) -> Int32 {
    let verdict = X509_verify_cert(context)
    guard verdict == 1, let recorder else { return verdict }
    let chain = X509_STORE_CTX_get0_chain(context)
    let certificates = (0..<max(0, OPENSSL_sk_num(chain))).compactMap { index in
        OPENSSL_sk_value(chain, index).map { value in
            OwnedCertificate.encoded { i2d_X509(OpaquePointer(value), $0) }
        }
    }
    Unmanaged<VerifiedPathRecorder>.fromOpaque(recorder).takeUnretainedValue().record(certificates)
    return verdict
}
