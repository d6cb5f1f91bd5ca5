import Foundation

/// The permissions of a file.
///
/// - Throws: `POSIXError` without a file.
func fileMode(of path: String) throws -> mode_t {
    var status = stat()
    guard stat(path, &status) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    return status.st_mode & 0o777
}
