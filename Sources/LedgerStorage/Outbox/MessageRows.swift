/// The messages that were frozen: which notices each carries stands with their deliveries.
///
/// A message goes on as it is for as long as all its notices are still to be told. As soon as one is not, it is dissolved:
/// the others go on in a message of their own, so that nobody is told what is over.
struct MessageRows {
    let session: any SQLSession

    struct Frozen {
        let identifier: String
        /// How many notices it carried when it was frozen.
        let partCount: Int
        let isMinimal: Bool
        /// nil when it was refused, and fewer words have not been frozen yet.
        let body: [UInt8]?
        let repeatBody: [UInt8]?
    }

    func frozen(_ row: Int64) throws -> Frozen? {
        try session.first(
            "SELECT identifier, part_count, is_minimal, body, repeat_body FROM messages WHERE id = $1", [.integer(row)]
        ) { row in
            Frozen(
                identifier: row.text(0) ?? "", partCount: Int(row.integer(1) ?? 0), isMinimal: row.integer(2) == 1,
                body: row.blob(3), repeatBody: row.blob(4))
        }
    }

    /// - Returns: the message's row.
    func insert(_ message: FrozenMessage, parts: [Int64]) throws -> Int64 {
        let row = try session.first(
            """
            INSERT INTO messages(identifier, part_count, is_minimal, body, repeat_body)
            VALUES($1, $2, $3, $4, $5) RETURNING id
            """,
            [
                .text(message.identifier), SQLValue(parts.count), .integer(message.isMinimal ? 1 : 0),
                .blob(message.body), SQLValue(message.repeatBody),
            ]
        ) { $0.integer(0) ?? 0 }
        guard let row else { throw LedgerError("the ledger did not take a message") }
        return row
    }

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
    func forgetBody(of row: Int64) throws {
        try session.execute("UPDATE messages SET body = NULL, repeat_body = NULL WHERE id = $1", [.integer(row)])
    }

    /// Whether an attempt at it may have arrived.
    func mayHaveBeenSeen(_ row: Int64) throws -> Bool {
        try session.first(
            "SELECT 1 FROM deliveries WHERE message = $1 AND maybe_seen = 1 LIMIT 1", [.integer(row)]
        ) { _ in true } ?? false
    }

    /// Its notices go on one by one, and never together again.
    func split(_ row: Int64) throws {
        try session.execute(
            """
            UPDATE deliveries SET message = NULL, goes_alone = 1
            WHERE message = $1 AND \(DeliveryState.isOpenInSQL) AND state <> 'sending'
            """, [.integer(row)])
    }

    func dissolve(_ row: Int64) throws {
        try session.execute(
            "UPDATE deliveries SET message = NULL WHERE message = $1 AND \(DeliveryState.isOpenInSQL)", [.integer(row)])
    }
}
