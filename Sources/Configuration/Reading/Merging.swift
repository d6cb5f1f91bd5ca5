/// Merges a drop-in into the files before it: mappings deeply, lists by appending. Any other value may be set only
/// once.
extension KeyedValue {
    /// Merges the value of a later file under the same key. A value that is set already stays, and the later one is
    /// reported.
    mutating func merge(_ later: KeyedValue) {
        switch (cursor.kind, later.cursor.kind) {
        case (.mapping, .mapping), (.list, .list):
            cursor.additions.append(later.cursor)
        case (.nothing, .mapping), (.nothing, .list):
            // In this file all entries of the key are commented out.
            self = later
        case (.mapping, .nothing), (.list, .nothing):
            break
        default:
            later.cursor.report(
                "is set already, in \(later.cursor.place(of: cursor)); only lists and mappings grow by a drop-in")
        }
    }
}

extension Cursor {
    /// The position of `other` for a message about this value. Within one file the line suffices.
    func place(of other: Cursor) -> String {
        guard other.reading !== reading else { return "line \(other.position.line)" }
        return "\(other.reading.file):\(other.position.line):\(other.position.column)"
    }

    /// `, in FILE:LINE:COLUMN` for a value of another file. Empty for the same file, where the path suffices.
    func inOtherFile(_ other: Cursor) -> String {
        other.reading === reading ? "" : ", in \(place(of: other))"
    }
}
