import Glibc

/// Results for people and programs. `print` does not say when a disk is full or a pipe is closed, so that is asked at the end.
enum StandardOutput {
    /// The output did not arrive.
    struct NotWritten: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes out what is buffered.
    ///
    /// - Throws: `NotWritten` with the system's reason.
    static func flush() throws {
        guard fflush(nil) == 0 else {
            throw NotWritten(description: "the output cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
