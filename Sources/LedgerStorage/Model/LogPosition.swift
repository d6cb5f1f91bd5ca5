/// How far a log file was read.
package struct LogPosition: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    /// The first byte that was not read yet. It is always the beginning of a line.
    package let offset: Int64
    /// The first bytes of the file, at most `beginningLimit`: a truncated file keeps its inode.
    package let beginning: [UInt8]

    package static let beginningLimit = 256

    package init(device: UInt64, inode: UInt64, offset: Int64, beginning: [UInt8]) {
        self.device = device
        self.inode = inode
        self.offset = offset
        self.beginning = beginning
    }
}
