/// The only writer of `messages`, the messages that were frozen: which notices each carries stands with their deliveries.
///
/// A message goes on as it is for as long as all its notices are still to be told. As soon as one is not, it is dissolved:
/// the others go on in a message of their own, so that no receiver is told what is over.
struct MessageTable {
    let session: any SQLSession

    /// A message's row.
    struct Frozen {
        let identifier: String
        /// How many notices it carried when it was frozen.
        let partCount: Int
        let isMinimal: Bool
        /// nil when it was refused, and fewer words have not been frozen yet.
        let body: [UInt8]?
        let repeatBody: [UInt8]?
    }

    /// nil where there is no such row.
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

    /// Fills a row whose words were found to be too many.
    func freeze(_ message: FrozenMessage, as row: Int64) throws {
        try session.execute(
            "UPDATE messages SET identifier = $1, body = $2, repeat_body = $3 WHERE id = $4",
            [.text(message.identifier), .blob(message.body), SQLValue(message.repeatBody), .integer(row)])
    }

    /// The next attempt says it in the fewest words, under an identifier of their own.
    func simplify(_ row: Int64) throws {
        try session.execute(
            "UPDATE messages SET is_minimal = 1, body = NULL, repeat_body = NULL WHERE id = $1", [.integer(row)])
    }

    /// What was delivered is never sent again; its identifier is kept, to know it by.
    func forgetBodies(of rows: [Int64]) throws {
        try session.execute(
            "UPDATE messages SET body = NULL, repeat_body = NULL WHERE id IN (\(SQLList.elements(of: "$1")))",
            [.list(rows)])
    }

    /// Forgets the messages that carry nothing any more.
    func forgetEmpty() throws {
        try session.execute(
            "DELETE FROM messages WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message = messages.id)", [])
    }
}

extension SQLSession {
    /// The table `messages`.
    var messages: MessageTable { MessageTable(session: self) }
}
