import Glibc

/// Creates a file that must not exist yet. It never replaces a file, and a failed write leaves no partial file.
package enum NewFile {
    /// Why a file was not written.
    package struct Failure: Error, Equatable {
        let errno: Int32

        /// A clause to follow the file's name.
        package var clause: String {
            errno == EEXIST
                ? "exists already and is left as it is" : "cannot be written: \(String(cString: strerror(errno)))"
        }
    }

    /// Writes `bytes` to `path` with mode 0644, less the umask.
    ///
    /// - Throws: `Failure`, when the file exists or cannot be written.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(errno: errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                if errno == EINTR { continue }
                let failure = Failure(errno: errno)
                close(descriptor)
                unlink(path)
                throw failure
            }
            written += count
        }
        guard close(descriptor) == 0 else {
            let failure = Failure(errno: errno)
            unlink(path)
            throw failure
        }
    }
}
