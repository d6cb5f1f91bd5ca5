import Certificates
import Glibc

/// Reads whole files, one after the other, into one buffer.
struct FileReader {
    /// Why a file could not be read.
    struct Failure: Error {
        let defect: Defect
    }

    /// The size and change key of a file that was read.
    struct Content {
        let count: Int
        /// The change key before reading. If the file is written meanwhile, its next change key differs.
        let changeKey: ChangeKey
    }

    private let limit: Int64
    /// The content that was read last, followed by unused bytes.
    private(set) var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// The length of the content.
    private(set) var count = 0

    init(limit: Int64) {
        self.limit = limit
    }

    /// Reads `descriptor` and closes it. A negative descriptor means that the file could not be opened.
    mutating func read(_ descriptor: Int32) throws(Failure) -> Content {
        guard descriptor >= 0 else { throw Failure(defect: SystemFailure.last.defect(cannot: "be opened")) }
        defer { close(descriptor) }
        let status = try status(of: descriptor)
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(defect: Defect(.notRegularFile, "it is no regular file"))
        }
        try requireSize(Int64(status.st_size))
        count = 0
        while true {
            // One byte more than expected, so that a short read proves the end without a second call.
            let wanted = max(Int(status.st_size), count) + 1
            if buffer.count < wanted { buffer += [UInt8](repeating: 0, count: wanted - buffer.count) }
            let received = buffer.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, wanted - count)
            }
            if received < 0, errno == EINTR { continue }
            guard received >= 0 else { throw Failure(defect: SystemFailure.last.defect(cannot: "be read")) }
            count += received
            try requireSize(Int64(count))
            if count < wanted { break }
        }
        return Content(count: count, changeKey: ChangeKey(status))
    }

    private func status(of descriptor: Int32) throws(Failure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Failure(defect: SystemFailure.last.defect(cannot: "be looked at"))
        }
        return status
    }

    private func requireSize(_ bytes: Int64) throws(Failure) {
        guard bytes <= limit else {
            throw Failure(defect: Defect(.tooLarge, "it has more than the \(limit) bytes that are read of a file"))
        }
    }
}
