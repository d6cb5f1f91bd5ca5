import Glibc

/// Creates a file that must not exist yet, or replaces one whose content is known. A failed write leaves no partial file.
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

    /// Who may read a new file.
    package enum Access: Hashable, Sendable {
        /// All users may read it: mode 0644, less the umask.
        case everybody
        /// Only this process's user: 0600.
        case user
        /// Only the given user: 0600. Only root can choose one.
        case owner(user: UInt32, group: UInt32)
        /// This process's user, and a group that cannot change it: 0640.
        case group(UInt32)

        fileprivate var mode: mode_t {
            switch self {
            case .everybody: 0o644
            case .user, .owner, .group: 0o600
            }
        }
    }

    /// Writes `bytes` to `path`.
    ///
    /// - Throws: `Failure`, when the file exists or cannot be written.
    package static func write(_ bytes: [UInt8], to path: String, for access: Access = .everybody) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, access.mode)
        guard descriptor >= 0 else { throw Failure(errno: errno) }
        do throws(Failure) {
            // Set the mode before the content is written, so that no other user can read it in between.
            try grant(access, descriptor)
        } catch {
            close(descriptor)
            unlink(path)
            throw error
        }
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

    /// Replaces the file at `path` by `bytes` at once, if its content is `old`. It keeps its owner, its group and its mode.
    ///
    /// - Throws: `Failure`, when it has another content, is a symbolic link, or cannot be written.
    package static func replace(_ old: [UInt8], at path: String, by bytes: [UInt8]) throws(Failure) {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw Failure(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, (try? RegularFile.read(path, limit: old.count + 1)) == old else {
            throw Failure(errno: EEXIST)
        }
        let draft = path + ".new"
        try write(bytes, to: draft, for: .user)
        guard chown(draft, status.st_uid, status.st_gid) == 0, chmod(draft, status.st_mode & 0o7777) == 0,
            rename(draft, path) == 0
        else {
            let failure = Failure(errno: errno)
            unlink(draft)
            throw failure
        }
    }

    /// Removes a file that `write` has just made, where what belongs to it could not be made.
    package static func withdraw(_ path: String) {
        unlink(path)
    }

    private static func grant(_ access: Access, _ descriptor: Int32) throws(Failure) {
        switch access {
        case .everybody, .user: break
        case .owner(let user, let group):
            guard fchown(descriptor, user, group) == 0 else { throw Failure(errno: errno) }
        case .group(let group):
            guard fchown(descriptor, getuid(), group) == 0, fchmod(descriptor, 0o640) == 0 else {
                throw Failure(errno: errno)
            }
        }
    }
}
