import Certificates
import Foundation
import Scanning
import TestSupport
import Testing

/// The changes that the kernel reports of the sources' files.
@Suite(.timeLimit(.minutes(1)))
struct FileChangesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func source(_ pattern: String) -> FileSource {
        FileSource(registration: pattern, pattern: PathPattern(directory.path(of: pattern)))
    }

    private func changes(ignoring names: [String] = []) throws -> FileChanges {
        try #require(FileChanges(ignoring: names.map { FilePath(directory.path(of: $0)) }))
    }

    /// The sources that the next change concerns.
    private func next(of changes: FileChanges) async throws -> Set<String> {
        var iterator = changes.changes.makeAsyncIterator()
        return Set(try #require(await iterator.next()).map(\.registration))
    }

    @Test(arguments: [
        ("pki", "pki/a.pem"), ("pki", "pki/sub/b.pem"), ("pki", "pki/new.pem"), ("pki/*.pem", "pki/new.pem"),
        ("pki/**/b.pem", "pki/sub/b.pem"), ("pki/a.pem", "pki/a.pem"), ("later/a.pem", "later"), ("later", "later"),
    ])
    func `a file that is written concerns the source that contains it`(pattern: String, written: String) async throws {
        try directory.write("1", to: "pki/a.pem")
        try directory.write("1", to: "pki/sub/b.pem")
        let changes = try changes()
        let coverage = await changes.watch([source(pattern)])
        #expect(coverage.directories > 0 && coverage.partial.isEmpty)
        try directory.write("2", to: written)
        #expect(try await next(of: changes) == [pattern])
    }

    @Test func `another name beside a registered file concerns nothing`() async throws {
        try directory.write("1", to: "pki/a.pem")
        try directory.write("1", to: "pki/b.pem")
        let changes = try changes()
        _ = await changes.watch([source("pki/a.pem"), source("pki/b.pem")])
        try directory.write("2", to: "pki/other.pem")
        try directory.write("2", to: "pki/b.pem")
        #expect(try await next(of: changes) == ["pki/b.pem"])
    }

    @Test func `the files that we write ourselves concern nothing`() async throws {
        try directory.write("1", to: "pki/notafter.db")
        try directory.write("1", to: "other/a.pem")
        let changes = try changes(ignoring: ["pki/notafter.db"])
        _ = await changes.watch([source("pki"), source("other")])
        try directory.write("2", to: "pki/notafter.db")
        try directory.write("2", to: "other/a.pem")
        #expect(try await next(of: changes) == ["other"])
    }

    @Test func `the file of a Kubernetes volume changes with the link that leads to its directory`() async throws {
        try directory.write("1", to: "volume/..2026_01/tls.crt")
        try directory.write("2", to: "volume/..2026_02/tls.crt")
        try directory.link("volume/..data", to: "..2026_01")
        try directory.link("volume/tls.crt", to: "..data/tls.crt")
        let changes = try changes()
        _ = await changes.watch([source("volume/tls.crt")])
        try directory.link("volume/..data", to: "..2026_02")
        #expect(try await next(of: changes) == ["volume/tls.crt"])
    }

    @Test(arguments: ["archive/cert1.pem", "live/cert.pem"])
    func `a registered link concerns its source when its target changes, and when it gets another`(changed: String)
        async throws
    {
        try directory.write("1", to: "archive/cert1.pem")
        try directory.write("2", to: "archive/cert2.pem")
        try directory.makeDirectory("live")
        try directory.link("live/cert.pem", to: "../archive/cert1.pem")
        let changes = try changes()
        _ = await changes.watch([source("live/cert.pem")])
        if changed == "live/cert.pem" {
            try directory.link(changed, to: "../archive/cert2.pem")
        } else {
            try directory.write("3", to: changed)
        }
        #expect(try await next(of: changes) == ["live/cert.pem"])
    }

    @Test func `a new directory is watched from the next call on`() async throws {
        try directory.makeDirectory("pki")
        let changes = try changes()
        #expect(await changes.watch([source("pki")]).directories == 2)
        try directory.makeDirectory("pki/new")
        #expect(try await next(of: changes) == ["pki"])
        #expect(await changes.watch([source("pki")]).directories == 3)
        try directory.write("1", to: "pki/new/a.pem")
        #expect(try await next(of: changes) == ["pki"])
    }

    @Test func `a source that is no longer registered is no longer watched`() async throws {
        try directory.makeDirectory("pki")
        try directory.makeDirectory("former")
        let changes = try changes()
        #expect(await changes.watch([source("pki"), source("former")]).directories == 3)
        #expect(await changes.watch([source("pki")]).directories == 2)
        try directory.write("1", to: "former/a.pem")
        try directory.write("1", to: "pki/a.pem")
        #expect(try await next(of: changes) == ["pki"])
    }
}
