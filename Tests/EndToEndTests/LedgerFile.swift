import Foundation
import GRDB
import Testing

/// The ledger's file, as somebody sees it who is not notafter.
struct LedgerFile {
    let path: String

    /// SQLite's own verdict; `ok` is good.
    func integrity() throws -> String {
        try DatabaseQueue(path: path).read { try String.fetchOne($0, sql: "PRAGMA integrity_check") ?? "" }
    }

    /// The number that a query says.
    func count(_ sql: String) throws -> Int {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// Makes the ledger one that was written before the machine's last boot, so that no lease of it holds: what a
    /// minute's waiting does, without the waiting.
    func forgetBoot() throws {
        try DatabaseQueue(path: path).write { database in
            try database.execute(sql: "UPDATE deliveries SET boot_id = 'the boot before' WHERE state = 'sending'")
        }
    }

    /// Puts a copy of the ledger into its place, as somebody does who restores a backup.
    func replace() throws {
        try DatabaseQueue(path: path).backup(to: DatabaseQueue(path: path + ".backup"))
        #expect(rename(path + ".backup", path) == 0)
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
    }

    /// Makes what waits for receivers as old as if so many days had gone by: due, and failing for as long.
    func putBack(days: Int64) throws {
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: "UPDATE receivers SET failing_since = failing_since - ?, not_before = 0",
                arguments: [days * 86_400])
            try database.execute(sql: "UPDATE deliveries SET next_at = 0 WHERE settled_at IS NULL")
        }
    }

    /// Every byte that lies on the disk: the file, its write-ahead log and its index.
    func bytes() throws -> Data {
        try ["", "-wal", "-shm"].map { path + $0 }.filter { FileManager.default.fileExists(atPath: $0) }
            .map { try Data(contentsOf: URL(fileURLWithPath: $0)) }.reduce(Data(), +)
    }
}
