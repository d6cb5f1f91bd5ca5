/// How a drop-in meets what the files before it say: mappings deeply, lists one after the other, everything else once.
extension KeyedValue {
    /// Takes in what a later file has under the same key. What is set already is reported there, and stays.
    mutating func merge(_ later: KeyedValue) {
        switch (cursor.kind, later.cursor.kind) {
        case (.mapping, .mapping), (.list, .list):
            cursor.additions.append(later.cursor)
        case (.nothing, .mapping), (.nothing, .list):
            // A key whose entries are all commented out.
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
    /// Where `other` is, for a message about this value: the line suffices within one file.
    func place(of other: Cursor) -> String {
        guard other.reading !== reading else { return "line \(other.position.line)" }
        return "\(other.reading.file):\(other.position.line):\(other.position.column)"
    }

    /// `, in FILE:LINE:COLUMN` for a value of another file, or else nothing: its path says where it is.
    func inOtherFile(_ other: Cursor) -> String {
        other.reading === reading ? "" : ", in \(place(of: other))"
    }
}
