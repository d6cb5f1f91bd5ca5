import Certificates

/// The only writer of `files`: what was looked into, and what was wrong with it.
struct FileTable {
    let session: any SQLSession
    let source: StoredSource

    /// What is remembered of a path.
    enum Memory {
        case new
        case known
    }

    /// Files with defects: how many, and what is wrong with the first.
    struct Defects {
        let count: Int64
        let examples: [String]
    }

    /// What a path looked like, and the first defect of what it held.
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

    /// Remembers those of these that were not known.
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

    /// Remembers what a path looked like, and the first defect of what it held.
    ///
    /// - Returns: what was remembered before.
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

    /// Remembers that a path is gone, while its certificates are still waited for.
    func markGone(_ path: FilePath) throws {
        try session.execute(
            """
            UPDATE files SET change_key = NULL, defect_reason = NULL, defect_message = NULL
            WHERE source_id = $1 AND path = $2
            """, [.integer(source.id), .blob(path.bytes)])
    }

    /// Forgets a path.
    func forget(_ path: FilePath) throws {
        try session.execute(
            "DELETE FROM files WHERE source_id = $1 AND path = $2", [.integer(source.id), .blob(path.bytes)])
    }

    /// Forgets all paths of the source.
    func forgetAll() throws {
        try session.execute("DELETE FROM files WHERE source_id = $1", [.integer(source.id)])
    }

    /// The defects of the source for one of these reasons.
    func defects(among reasons: [Defect.Reason]) throws -> Defects {
        let condition: SQLText = "source_id = $1 AND defect_reason IN (\(SQLText(listing: reasons)))"
        let count = try session.one("SELECT count(*) FROM files WHERE \(condition)", [.integer(source.id)]) {
            try $0.integer()
        }
        let examples = try session.all(
            "SELECT defect_message FROM files WHERE \(condition) ORDER BY path LIMIT 3", [.integer(source.id)]
        ) { try $0.text() }
        return Defects(count: count ?? 0, examples: examples)
    }
}

extension SQLSession {
    /// The table `files`, as far as it is about one source.
    func files(of source: StoredSource) -> FileTable { FileTable(session: self, source: source) }
}
