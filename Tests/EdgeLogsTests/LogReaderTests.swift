import Certificates
import EdgeLogs
import Foundation
import LedgerStorage
import TestSupport
import Testing

/// A log that is followed through its rotations and through restarts.
struct LogReaderTests {
    private static let now = Instant(seconds: 1_800_000_000)

    /// A log with lines whose subjects are numbers, and what was read of it.
    private final class World {
        let directory: TemporaryDirectory
        private(set) var reader: LogReader
        private(set) var subjects: [String] = []

        var path: String { directory.path(of: "access.log") }

        init() throws {
            directory = try TemporaryDirectory()
            reader = LogReader(directory.path(of: "access.log"), after: nil)
        }

        /// Appends whole lines with these numbers to a file.
        func append(_ numbers: ClosedRange<Int>, to name: String = "access.log") throws {
            try append(numbers.map(Self.line).joined(), to: name)
        }

        func append(_ text: String, to name: String = "access.log") throws {
            let before =
                FileManager.default.fileExists(atPath: directory.path(of: name)) ? try directory.read(name) : ""
            guard before.isEmpty else {
                let file = try FileHandle(forWritingTo: URL(filePath: directory.path(of: name)))
                try file.seekToEnd()
                try file.write(contentsOf: Data(text.utf8))
                return try file.close()
            }
            try directory.write(text, to: name)
        }

        static func line(_ number: Int) -> String {
            #"{"subject":"CN=\#(number)","not_after":"2028-01-01T00:00:00Z"}"# + "\n"
        }

        /// Reads to the end, as one look of a follower.
        func look(lastLine: LogReader.LastLine = .wait) throws {
            let collector = try UseCollector(.json)
            while try reader.read(into: collector, lastLine: lastLine, at: LogReaderTests.now) == .more {}
            #expect(collector.tally.unreadable.isEmpty, "\(collector.tally.unreadable)")
            subjects += collector.take().map(\.certificate.subject)
        }

        /// As after a crash: only the stored position is left.
        func restart() { reader = LogReader(path, after: reader.position) }

        func rename(_ old: String, to new: String) throws {
            try FileManager.default.moveItem(atPath: directory.path(of: old), toPath: directory.path(of: new))
        }

        /// What `copytruncate` does.
        func copyAndTruncate() throws {
            try FileManager.default.copyItem(atPath: path, toPath: directory.path(of: "access.log.1"))
            try #require(truncate(path, 0) == 0)
        }

        /// Whether each line was read exactly once.
        func hasRead(_ numbers: ClosedRange<Int>) -> Bool {
            subjects.sorted() == numbers.map { "CN=\($0)" }.sorted()
        }
    }

    @Test func `a log is read once, also after restarts`() throws {
        let world = try World()
        try world.append(1...5)
        try world.look()
        world.restart()
        try world.look()
        try world.append(6...9)
        world.restart()
        try world.look()
        #expect(world.hasRead(1...9))
    }

    @Test func `a line that is still being written is read once it is complete`() throws {
        let world = try World()
        let line = World.line(1)
        try world.append(String(line.prefix(20)))
        try world.look()
        world.restart()
        try world.look()
        #expect(world.subjects.isEmpty)
        try world.append(String(line.dropFirst(20)))
        try world.look()
        #expect(world.hasRead(1...1))
    }

    @Test func `without following, a last line needs no line end`() throws {
        let world = try World()
        try world.append(String(World.line(1).dropLast()))
        try world.look(lastLine: .read)
        #expect(world.hasRead(1...1))
    }

    @Test(arguments: [true, false])
    func `a renamed log is read to its end, and then the new one`(restarts: Bool) throws {
        let world = try World()
        try world.append(1...3)
        try world.look()
        try world.append(4...5)
        try world.rename("access.log", to: "access.log.1")
        try world.append(8...9)
        if restarts { world.restart() }
        try world.look()
        // The server writes to the renamed file until it opens the new one.
        try world.append(6...7, to: "access.log.1")
        for _ in 0..<3 { try world.look() }
        #expect(world.hasRead(1...9), "\(world.subjects)")
    }

    @Test func `a log that was rotated several times while nobody read it is read from where it was left`() throws {
        let world = try World()
        try world.append(1...2)
        try world.look()
        try world.append(3...4)
        try world.rename("access.log", to: "access.log.2")
        try world.directory.setModified("access.log.2", to: Self.now - .days(2))
        try world.append(5...6, to: "access.log.1")
        try world.directory.setModified("access.log.1", to: Self.now - .days(1))
        try world.append(7...8)
        try world.directory.write("not read", to: "access.log.3.gz")
        try world.directory.write("not read", to: "access.log-other.gz")
        world.restart()
        for _ in 0..<3 { try world.look() }
        #expect(world.hasRead(1...8), "\(world.subjects)")
    }

    @Test(arguments: [true, false])
    func `a log that was copied and truncated is read on in the copy, and then from its beginning`(restarts: Bool)
        throws
    {
        let world = try World()
        try world.append(1...3)
        try world.look()
        try world.append(4...5)
        try world.copyAndTruncate()
        try world.append(6...6)
        if restarts { world.restart() }
        for _ in 0..<3 { try world.look() }
        #expect(world.hasRead(1...6), "\(world.subjects)")
    }

    @Test func `a truncated log that has grown beyond the old position is noticed by its beginning`() throws {
        let world = try World()
        try world.append(1...2)
        try world.look()
        try world.copyAndTruncate()
        try world.append(3...30)
        for _ in 0..<3 { try world.look() }
        #expect(world.hasRead(1...30), "\(world.subjects)")
    }

    @Test func `a log that is missing fails, and is read once it is there`() throws {
        let world = try World()
        let collector = try UseCollector(.json)
        #expect(throws: LogFailure.self) {
            try world.reader.read(into: collector, lastLine: .wait, at: Self.now)
        }
        try world.append(1...2)
        try world.look()
        #expect(world.hasRead(1...2))
    }

    @Test func `a directory is no log`() throws {
        let directory = try TemporaryDirectory()
        let reader = LogReader(directory.path, after: nil)
        let collector = try UseCollector(.json)
        let failure = try #require(throws: LogFailure.self) {
            try reader.read(into: collector, lastLine: .wait, at: Self.now)
        }
        #expect(failure.description.hasSuffix("is not a regular file"))
    }
}
