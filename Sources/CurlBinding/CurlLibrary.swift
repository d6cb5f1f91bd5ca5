import CCurl
import Glibc

/// The process-wide state of libcurl.
enum CurlLibrary {
    /// Initialises libcurl once, before the first handle.
    ///
    /// Also ignores SIGPIPE for the whole process: with `CURLOPT_NOSIGNAL` libcurl does not, and a server that closes
    /// early would kill the daemon.
    ///
    /// - Throws: `TransferLoopError` when libcurl cannot start, or is not built with OpenSSL. The handshake record and
    ///   `Transfer.configureContext` need OpenSSL's message callback and its `SSL_CTX`.
    static func initialize() throws(TransferLoopError) {
        try result.get()
    }

    private static let result: Result<Void, TransferLoopError> = {
        signal(SIGPIPE, SIG_IGN)
        let code = curl_global_init(Int(CURL_GLOBAL_ALL))
        guard code == CURLE_OK else {
            return .failure(TransferLoopError(operation: "starting libcurl", cause: TransferCode(code).explanation))
        }
        guard let version = curl_version_info(CURLVERSION_FIRST)?.pointee.ssl_version else {
            return .failure(TransferLoopError(operation: "starting libcurl", cause: "it is built without TLS"))
        }
        let backend = String(cString: version)
        guard backend.hasPrefix("OpenSSL/") else {
            let cause = "it is built with \(backend), not with OpenSSL"
            return .failure(TransferLoopError(operation: "starting libcurl", cause: cause))
        }
        return .success(())
    }()
}
