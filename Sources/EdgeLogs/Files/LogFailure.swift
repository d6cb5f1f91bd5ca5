import Glibc

/// Why a log could not be read.
package struct LogFailure: Error, Hashable, CustomStringConvertible {
    package let path: String
    let errno: Int32

    package var description: String {
        errno == 0
            ? "\(path): is not a regular file" : "\(path): cannot be read: \(String(cString: strerror(errno)))"
    }
}
