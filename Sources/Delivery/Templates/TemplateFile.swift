import FileReading

/// A file that holds a template.
package enum TemplateFile {
    private static let byteLimit = 65_536

    /// Why a file cannot be used as a template.
    package enum Problem: Error, Hashable {
        case unreadable(RegularFile.Failure)
        case malformed(TemplateError)

        /// Names the file at `path` and, of a mistake in it, the line and the column.
        package func description(of path: String) -> String {
            switch self {
            case .unreadable(let failure): "\(path) \(failure.clause)"
            case .malformed(let error): "\(path):\(error.line):\(error.column): \(error.reason)"
            }
        }
    }

    /// Reads and compiles the template in the file at `path`.
    ///
    /// - Throws: why it cannot be used.
    package static func read(_ path: String) throws(Problem) -> TemplateSource {
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(path, limit: byteLimit)
        } catch {
            throw .unreadable(error)
        }
        do throws(TemplateError) {
            return try TemplateSource(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .malformed(error)
        }
    }
}
