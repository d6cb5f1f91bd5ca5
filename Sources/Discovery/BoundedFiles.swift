import FileReading

/// Reads the files of one server's configuration, with limits on their number, size and depth of includes.
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

    private let root: SystemRoot
    /// The texts that were read, in which certificates are searched that the reader did not understand.
    private(set) var texts: [ConfigurationText] = []
    private var remainingFiles = 2_000
    private var remainingBytes = 32 << 20
    /// The files that are being read, the outermost first.
    private var open: [String] = []

    init(in root: SystemRoot) {
        self.root = root
    }

    /// The text of `file`. Bytes that are not UTF-8 become U+FFFD.
    mutating func text(of file: String) throws(Refusal) -> String {
        guard remainingFiles > 0, remainingBytes > 0 else { throw .tooMany }
        remainingFiles -= 1
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(root.resolved(file), limit: Self.fileLimit)
        } catch {
            throw .failure(error)
        }
        remainingBytes -= bytes.count
        let text = String(decoding: bytes, as: UTF8.self)
        texts.append(ConfigurationText(file: file, text: text))
        return text
    }

    /// The files that `text` of a configuration refers to: the matches of a glob, or the named file.
    func matching(
        _ text: String, in base: ServerDirectory, at place: Place, into inventory: inout Inventory
    ) -> [String] {
        guard GlobPattern(text).isGlob else { return [base.absolute(text)] }
        do throws(RegularFile.Failure) {
            return try root.paths(matching: base.pattern(text))
        } catch {
            inventory.warn("\(text) \(error.clause)", at: place)
            return []
        }
    }

    /// Enters an included file.
    ///
    /// - Returns: false when it is being read already or the nesting is too deep. Then do not call `leave`.
    @discardableResult
    mutating func enter(_ file: String) -> Bool {
        guard open.count < Self.deepestInclude, !open.contains(file) else { return false }
        open.append(file)
        return true
    }

    /// Leaves the file that was entered last.
    mutating func leave() {
        open.removeLast()
    }
}
