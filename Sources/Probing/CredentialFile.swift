import Glibc

/// Reads the small files of a TLS client, and never waits for one: a FIFO in the place of a file must not stop a probe.
enum CredentialFile {
    /// Far beyond any CA file; what is larger is no such file.
    static let maximumBytes = 8 * 1_024 * 1_024

    /// All bytes of the regular file at `path`.
    ///
    /// - Throws: `CredentialError`, which names the file.
    static func read(_ path: String) throws(CredentialError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CredentialError(path: path, reason: currentError) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw CredentialError(path: path, reason: currentError) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CredentialError(path: path, reason: "is not a regular file")
        }
        guard status.st_size <= maximumBytes else {
            throw CredentialError(path: path, reason: "is larger than \(maximumBytes) bytes")
        }
        var failure: CredentialError?
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let result = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if result < 0, errno == EINTR { continue }
                if result < 0 { failure = CredentialError(path: path, reason: currentError) }
                guard result > 0 else { break }
                count += result
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static var currentError: String {
        String(cString: strerror(errno))
    }
}

/// A file of an endpoint's `tls_config` that cannot be used.
struct CredentialError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path): \(reason)" }
}
