import Glibc

/// Results for people and programs. `print` reports neither a full disk nor a closed pipe, so that is checked at the
/// end.
enum StandardOutput {
    /// The output could not be written.
    struct NotWritten: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes the buffered output.
    ///
    /// - Throws: `NotWritten` with the system's reason.
    static func flush() throws {
        guard fflush(nil) == 0 else {
            throw NotWritten(description: "the output cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
