import Glibc

/// The metadata of a file that changes with its content: the resolved target's identity, size and times.
///
/// The change time makes it reliable: `cp -p` and `touch` can set back the modification time, but not the change time.
/// The inode detects a replaced file, or a link with a new target, even if the times are equal.
package struct ChangeKey: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    package let size: Int64
    /// Nanoseconds since 1970.
    package let modified: Int64
    /// Nanoseconds since 1970.
    package let changed: Int64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    /// Wraps around beyond the year 2262, where equal keys still mean equal times.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension ChangeKey {
    /// The form in the ledger: 40 bytes, five big-endian numbers.
    package var bytes: [UInt8] {
        let numbers = [
            device, inode, UInt64(bitPattern: size), UInt64(bitPattern: modified), UInt64(bitPattern: changed),
        ]
        return numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    }

    /// - Returns: nil unless there are 40 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 40 else { return nil }
        let numbers = stride(from: 0, to: 40, by: 8).map { start in
            bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        device = numbers[0]
        inode = numbers[1]
        size = Int64(bitPattern: numbers[2])
        modified = Int64(bitPattern: numbers[3])
        changed = Int64(bitPattern: numbers[4])
    }
}
