import Foundation
import GRDB
import Testing

/// The ledger's file, accessed without notafter.
struct LedgerFile {
    let path: String

    /// The result of SQLite's integrity check; `ok` is good.
    func integrity() throws -> String {
        try DatabaseQueue(path: path).read { try String.fetchOne($0, sql: "PRAGMA integrity_check") ?? "" }
    }

    /// The result of a query for a number.
    func count(_ sql: String) throws -> Int {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// Makes the ledger look written before the machine's last boot, so that its leases are void, without waiting for a
    /// minute.
    func forgetBoot() throws {
        try DatabaseQueue(path: path).write { database in
            try database.execute(sql: "UPDATE deliveries SET boot_id = 'the boot before' WHERE state = 'sending'")
        }
    }

    /// Replaces the ledger with a copy, as restoring a backup does.
    func replace() throws {
        try DatabaseQueue(path: path).backup(to: DatabaseQueue(path: path + ".backup"))
        #expect(rename(path + ".backup", path) == 0)
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
    }

    /// Makes the waiting deliveries as old as if the given days had passed: due, and failing all that time.
    func putBack(days: Int64) throws {
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: "UPDATE receivers SET failing_since = failing_since - ?, not_before = 0",
                arguments: [days * 86_400])
            try database.execute(sql: "UPDATE deliveries SET next_at = 0 WHERE settled_at IS NULL")
        }
    }

    /// All bytes on disk: the file, its write-ahead log and its index.
    func bytes() throws -> Data {
        try ["", "-wal", "-shm"].map { path + $0 }.filter { FileManager.default.fileExists(atPath: $0) }
            .map { try Data(contentsOf: URL(fileURLWithPath: $0)) }.reduce(Data(), +)
    }
}
