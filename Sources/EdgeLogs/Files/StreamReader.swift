import Certificates
import Glibc

/// Reads lines from a pipe or another open file. Its calls block; each object must be used by one thread at a time.
package final class StreamReader {
    private static let chunkSize = 64 * 1_024
    /// So many chunks are read at most in one call.
    private static let chunksAtOnce = 256
    /// How long a call waits for bytes, so that what was read is recorded while a stream is silent.
    private static let patienceMilliseconds: Int32 = 1_000

    private let descriptor: Int32
    private let name: String
    private var splitter = LineSplitter()
    private var buffer = [UInt8](repeating: 0, count: StreamReader.chunkSize)

    /// - Parameters:
    ///   - descriptor: an open file, which stays the caller's.
    ///   - name: for messages.
    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Reads what comes within a second, until the end, or until `collector` is full.
    package func read(into collector: UseCollector, at now: Instant) throws(LogFailure) -> LogReader.Progress {
        var timeout = Self.patienceMilliseconds
        for _ in 0..<Self.chunksAtOnce {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, timeout) > 0 else { return .more }
            timeout = 0
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                if errno == EINTR || errno == EAGAIN { return .more }
                throw LogFailure(path: name, errno: errno)
            }
            guard count > 0 else {
                collector.finish(&splitter, at: now)
                return .atEnd
            }
            collector.feed(buffer.span.extracting(0..<count), through: &splitter, at: now)
            if collector.isFull { return .more }
        }
        return .more
    }
}
