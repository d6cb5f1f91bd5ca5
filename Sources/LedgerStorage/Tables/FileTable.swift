import Certificates

/// The only writer of `files`: the files that were read, and their defects.
struct FileTable {
    let session: any SQLSession
    let source: StoredSource

    /// Whether a path was stored before.
    enum Memory {
        case new
        case known
    }

    /// The number of files with defects, and the defects of the first few.
    struct Defects {
        let count: Int64
        let examples: [DefectFact]
    }

    /// The change key of a path, and the first defect of its content.
    struct Look {
        let path: FilePath
        let changeKey: [UInt8]?
        let defect: Defect?
    }

    private static let insert = SQLBulk(columns: 5) { rows in
        """
        INSERT INTO files(source_id, path, change_key, defect_reason, defect_message) VALUES \(rows)
        ON CONFLICT DO NOTHING RETURNING path
        """
    }

    /// Inserts the paths that are not stored yet.
    ///
    /// - Returns: their paths.
    func insert(_ looks: [Look]) throws -> Set<FilePath> {
        let rows: [[SQLValue]] = looks.map { look in
            [
                .integer(source.id), .blob(look.path.bytes), SQLValue(look.changeKey),
                SQLValue(look.defect?.reason.rawValue), SQLValue(look.defect?.message),
            ]
        }
        return Set(try session.all(Self.insert, rows) { FilePath(bytes: try $0.blob()) })
    }

    /// Stores the change key of a path, and the first defect of its content.
    ///
    /// - Returns: whether the path was stored before.
    @discardableResult
    func remember(_ path: FilePath, changeKey: [UInt8]?, defect: Defect?) throws -> Memory {
        let values: [SQLValue] = [
            .integer(source.id), .blob(path.bytes), SQLValue(changeKey), SQLValue(defect?.reason.rawValue),
            SQLValue(defect?.message),
        ]
        let inserted = try session.execute(
            """
            INSERT INTO files(source_id, path, change_key, defect_reason, defect_message) VALUES($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            """, values)
        guard inserted == 0 else { return .new }
        try session.execute(
            """
            UPDATE files SET change_key = $3, defect_reason = $4, defect_message = $5
            WHERE source_id = $1 AND path = $2
            """, values)
        return .known
    }

    /// Marks a path as gone. Its row stays while its certificates are not yet confirmed as removed.
    func markGone(_ path: FilePath) throws {
        try session.execute(
            """
            UPDATE files SET change_key = NULL, defect_reason = NULL, defect_message = NULL
            WHERE source_id = $1 AND path = $2
            """, [.integer(source.id), .blob(path.bytes)])
    }

    /// Deletes a path.
    func forget(_ path: FilePath) throws {
        try session.execute(
            "DELETE FROM files WHERE source_id = $1 AND path = $2", [.integer(source.id), .blob(path.bytes)])
    }

    /// Deletes all paths of the source.
    func forgetAll() throws {
        try session.execute("DELETE FROM files WHERE source_id = $1", [.integer(source.id)])
    }

    /// The defects of the source that have one of these reasons.
    func defects(among reasons: [Defect.Reason]) throws -> Defects {
        let condition: SQLText = "source_id = $1 AND defect_reason IN (\(SQLText(listing: reasons)))"
        let count = try session.one("SELECT count(*) FROM files WHERE \(condition)", [.integer(source.id)]) {
            try $0.integer()
        }
        let examples = try session.all(
            "SELECT defect_reason, path, defect_message FROM files WHERE \(condition) ORDER BY path LIMIT 3",
            [.integer(source.id)]
        ) { row in
            DefectFact(
                reason: try row.value(), path: FilePath(bytes: try row.blob()).description, message: try row.text())
        }
        return Defects(count: count ?? 0, examples: examples)
    }
}

extension SQLSession {
    /// The rows of the table `files` for one source.
    func files(of source: StoredSource) -> FileTable { FileTable(session: self, source: source) }
}
