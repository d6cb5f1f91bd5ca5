import Certificates

/// The only writer of `log_positions`: how far each followed log was read.
struct LogPositionTable {
    let session: any SQLSession

    /// nil for a log that was never read.
    func position(of path: FilePath) throws -> LogPosition? {
        try session.one(
            "SELECT device, inode, position, beginning FROM log_positions WHERE path = $1", [.blob(path.bytes)]
        ) { row in
            LogPosition(
                device: UInt64(bitPattern: try row.integer()), inode: UInt64(bitPattern: try row.integer()),
                offset: try row.integer(), beginning: try row.blob())
        }
    }

    /// Stores how far a log was read.
    func remember(_ position: LogPosition, of path: FilePath) throws {
        try session.execute(
            """
            INSERT INTO log_positions(path, device, inode, position, beginning) VALUES($1, $2, $3, $4, $5)
            ON CONFLICT(path) DO UPDATE SET device = $2, inode = $3, position = $4, beginning = $5
            """,
            [
                .blob(path.bytes), .integer(Int64(bitPattern: position.device)),
                .integer(Int64(bitPattern: position.inode)), .integer(position.offset), .blob(position.beginning),
            ])
    }
}

extension SQLSession {
    /// The table `log_positions`.
    var logPositions: LogPositionTable { LogPositionTable(session: self) }
}
