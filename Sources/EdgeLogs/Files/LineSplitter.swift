import CertificateDecoding
import Certificates

/// Cuts a stream of bytes into lines. A line that is too long is dropped, however long it is.
package struct LineSplitter {
    /// What ended a line.
    package enum Line: Hashable, Sendable {
        case whole
        /// Only its beginning is passed on.
        case tooLong
    }

    private let longestLine: Int
    /// The beginning of a line whose end was not read yet.
    private var rest: [UInt8] = []
    private var isSkipping = false

    package init(longestLine: Int = UseCollector.longestLine) {
        self.longestLine = longestLine
    }

    /// How many bytes at the end of the stream belong to a line whose end was not read yet.
    package var pendingCount: Int { rest.count }

    /// Passes the lines of `chunk` to `body`, without their line ends.
    package mutating func feed(_ chunk: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>, Line) -> Void) {
        var start = 0
        while let end = chunk.firstIndex(of: 0x0A, from: start) {
            if isSkipping {
                isSkipping = false
            } else if rest.isEmpty {
                Self.pass(chunk.extracting(start..<end), longestLine, body)
            } else {
                rest += chunk.bytes(start..<end)
                Self.pass(rest.span, longestLine, body)
                rest.removeAll(keepingCapacity: true)
            }
            start = end + 1
        }
        guard !isSkipping, start < chunk.count else { return }
        rest += chunk.bytes(start..<chunk.count)
        guard rest.count > longestLine + 1 else { return }
        body(rest.span, .tooLong)
        rest = []
        isSkipping = true
    }

    /// Passes on a last line that has no line end.
    package mutating func finish(_ body: (borrowing Span<UInt8>, Line) -> Void) {
        if !rest.isEmpty { Self.pass(rest.span, longestLine, body) }
        rest = []
        isSkipping = false
    }

    private static func pass(
        _ line: borrowing Span<UInt8>, _ longestLine: Int, _ body: (borrowing Span<UInt8>, Line) -> Void
    ) {
        let hasReturn = !line.isEmpty && line[line.count - 1] == 0x0D
        let text = line.extracting(0..<(hasReturn ? line.count - 1 : line.count))
        body(text, text.count > longestLine ? .tooLong : .whole)
    }
}

extension UseCollector {
    /// Reads a chunk of the stream that `splitter` cuts.
    package func feed(_ chunk: borrowing Span<UInt8>, through splitter: inout LineSplitter, at now: Instant) {
        splitter.feed(chunk) { take($0, $1, at: now) }
    }

    /// Reads a last line that has no line end.
    package func finish(_ splitter: inout LineSplitter, at now: Instant) {
        splitter.finish { take($0, $1, at: now) }
    }

    private func take(_ text: borrowing Span<UInt8>, _ line: LineSplitter.Line, at now: Instant) {
        switch line {
        case .whole: read(text, at: now)
        case .tooLong: skip(longLine: text)
        }
    }
}
