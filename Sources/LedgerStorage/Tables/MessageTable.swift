/// The only writer of `messages`, the frozen messages. The deliveries name the message that contains their notices.
///
/// A message stays unchanged while all its notices are still to be sent. When one has ended or is silenced, the message is
/// dissolved, and the others are sent in a new message, so that no receiver gets a notice that is over.
struct MessageTable {
    let session: any SQLSession

    /// A message's row.
    struct Frozen {
        let identifier: String
        /// The number of notices in it when it was frozen.
        let partCount: Int
        let isMinimal: Bool
        /// nil when it was refused and its minimal form is not frozen yet.
        let body: [UInt8]?
        let repeatBody: [UInt8]?
    }

    /// nil if there is no such row.
    func frozen(_ row: Int64) throws -> Frozen? {
        try session.one(
            "SELECT identifier, part_count, is_minimal, body, repeat_body FROM messages WHERE id = $1", [.integer(row)]
        ) { row in
            Frozen(
                identifier: try row.text(), partCount: try row.count(), isMinimal: try row.flag(),
                body: row.optionalBlob(), repeatBody: row.optionalBlob())
        }
    }

    /// - Returns: the message's row.
    func insert(_ message: FrozenMessage, partCount: Int) throws -> Int64 {
        let row = try session.one(
            """
            INSERT INTO messages(identifier, part_count, is_minimal, body, repeat_body)
            VALUES($1, $2, $3, $4, $5) RETURNING id
            """,
            [
                .text(message.identifier), SQLValue(partCount), .integer(message.isMinimal ? 1 : 0),
                .blob(message.body), SQLValue(message.repeatBody),
            ]
        ) { try $0.integer() }
        guard let row else { throw LedgerError("the ledger did not take a message") }
        return row
    }

    /// Stores the minimal form in the row of a message that was refused.
    func freeze(_ message: FrozenMessage, as row: Int64) throws {
        try session.execute(
            "UPDATE messages SET identifier = $1, body = $2, repeat_body = $3 WHERE id = $4",
            [.text(message.identifier), .blob(message.body), SQLValue(message.repeatBody), .integer(row)])
    }

    /// Makes the next attempt send the minimal form, under an identifier of its own.
    func simplify(_ row: Int64) throws {
        try session.execute(
            "UPDATE messages SET is_minimal = 1, body = NULL, repeat_body = NULL WHERE id = $1", [.integer(row)])
    }

    /// Deletes the bodies of delivered messages, which are never sent again. The identifiers stay.
    func forgetBodies(of rows: [Int64]) throws {
        try session.execute(
            "UPDATE messages SET body = NULL, repeat_body = NULL WHERE id IN (\(SQLList.elements(of: "$1")))",
            [.list(rows)])
    }

    /// Deletes messages without deliveries.
    func forgetEmpty() throws {
        try session.execute(
            "DELETE FROM messages WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message = messages.id)", [])
    }
}

extension SQLSession {
    /// The table `messages`.
    var messages: MessageTable { MessageTable(session: self) }
}
