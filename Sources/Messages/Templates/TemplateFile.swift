import FileReading

/// A file that holds a template.
package enum TemplateFile {
    private static let byteLimit = 65_536

    /// Why a file cannot be used as a template.
    package enum Problem: Error, Hashable {
        case unreadable(RegularFile.Failure)
        case malformed(TemplateError)

        /// A description with the file's path and, for an error in the template, its line and column.
        package func description(of path: String) -> String {
            switch self {
            case .unreadable(let failure): "\(path) \(failure.clause)"
            case .malformed(let error): "\(path):\(error.line):\(error.column): \(error.reason)"
            }
        }
    }

    /// Reads and compiles the template in the file at `path`.
    ///
    /// - Throws: `Problem` when the file cannot be used.
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
