import FileReading

/// The files of one server's configuration: so many, so large and so deeply included, and no more.
struct BoundedFiles {
    /// Why a file was not read.
    enum Refusal: Error {
        case failure(RegularFile.Failure)
        case tooMany

        /// A clause that follows the file's name.
        var clause: String {
            switch self {
            case .failure(let failure): failure.clause
            case .tooMany: "is left out: the configuration has too many files"
            }
        }
    }

    private static let fileLimit = 4 << 20
    private static let deepestInclude = 16

    private var remainingFiles = 2_000
    private var remainingBytes = 32 << 20
    /// The files that are being read, the outermost first.
    private var open: [String] = []

    /// What `file` holds, as text; bytes that are no UTF-8 become U+FFFD.
    mutating func text(of file: String) throws(Refusal) -> String {
        guard remainingFiles > 0, remainingBytes > 0 else { throw .tooMany }
        remainingFiles -= 1
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(file, limit: Self.fileLimit)
        } catch {
            throw .failure(error)
        }
        remainingBytes -= bytes.count
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What `pattern` stands for: what matches it, or the file that it names outright.
    func matching(_ pattern: String, at place: Place, into inventory: inout Inventory) -> [String] {
        let glob = GlobPattern(pattern)
        guard glob.isGlob else { return [pattern] }
        do throws(RegularFile.Failure) {
            return try glob.paths()
        } catch {
            inventory.warn("\(pattern) \(error.clause)", at: place)
            return []
        }
    }

    /// Goes into an included file.
    ///
    /// - Returns: false when it is being read already, or the nesting is too deep; then there is nothing to leave.
    @discardableResult
    mutating func enter(_ file: String) -> Bool {
        guard open.count < Self.deepestInclude, !open.contains(file) else { return false }
        open.append(file)
        return true
    }

    /// Comes back from the file that was entered last.
    mutating func leave() {
        open.removeLast()
    }
}
