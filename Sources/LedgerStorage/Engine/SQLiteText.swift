import Synchronization

/// Caches statements with SQLite's parameter syntax, so that each of some hundreds is translated once.
enum SQLiteText {
    private static let known = Mutex<[SQLText: String]>([:])

    /// The statement with parameters as SQLite numbers them: it takes "$1" for a name, and "?1" for a number.
    static func text(of sql: SQLText) -> String {
        known.withLock { known in
            if let text = known[sql] { return text }
            let text = String(
                decoding: sql.text.utf8.map { $0 == UInt8(ascii: "$") ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
            known[sql] = text
            return text
        }
    }
}
