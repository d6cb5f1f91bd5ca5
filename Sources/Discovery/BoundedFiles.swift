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

    private let root: SystemRoot
    /// What was read, for those who look for what its reader did not understand.
    private(set) var texts: [ConfigurationText] = []
    private var remainingFiles = 2_000
    private var remainingBytes = 32 << 20
    /// The files that are being read, the outermost first.
    private var open: [String] = []

    init(in root: SystemRoot) {
        self.root = root
    }

    /// What `file` holds, as text; bytes that are no UTF-8 become U+FFFD.
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

    /// What `text` of a configuration stands for: what matches it, or the file that it names outright.
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
