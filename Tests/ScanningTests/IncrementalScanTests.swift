import Certificates
import Foundation
import Scanning
import TestSupport
import Testing

/// Which files are read again, which are not, and which count as removed.
struct IncrementalScanTests {
    private let directory: TemporaryDirectory
    private let authority: TestAuthority

    init() throws {
        directory = try TemporaryDirectory()
        authority = try TestPKI.authority("Lab CA")
    }

    private func certificate() throws -> IssuedCertificate {
        try authority.issue(.client, commonName: "device")
    }

    private func writeCertificates(_ names: [String]) throws {
        let pem = try certificate().pem
        for name in names { try directory.write(pem, to: name) }
    }

    @Test func `an unchanged file is no event and is not opened again`() throws {
        try writeCertificates(["a.pem", "b/c.pem"])
        let run = try ScanRun(directory)
        #expect(run.scan().read.keys.sorted() == ["a.pem", "b/c.pem"])
        // Without the permission to open the file, opening it would be a defect.
        try chmod("", 0o755)
        try chmod("a.pem", 0)
        let changed = run.scan()
        #expect(changed.read.keys.sorted() == ["a.pem"])
        let again = withoutPrivileges { run.scan() }
        #expect(again.order == [])
        #expect(again.outcome == .seen(files: 2))
    }

    @Test func `a file changed within the last two seconds is read again next time`() throws {
        try writeCertificates(["a.pem"])
        let run = try ScanRun(directory)
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        #expect(run.scan(fileClock: now).read.count == 1)
        #expect(run.scan(fileClock: now).read.count == 1)
        #expect(run.scan().read.count == 1)
        #expect(run.scan().read.count == 0)
    }

    @Test func `a file replaced by a copy of equal size and modification time is read`() throws {
        let (old, new) = (try certificate(), try certificate())
        let instant = Instant(seconds: 1_600_000_000)
        try directory.write(old.der, to: "a.der")
        try directory.setModified("a.der", to: instant)
        let run = try ScanRun(directory)
        _ = run.scan()
        try directory.write(padded(new.der, to: old.der.count), to: "a.der")
        try directory.setModified("a.der", to: instant)
        #expect(run.scan().read["a.der"] == [new.fingerprint])
    }

    /// ECDSA signatures differ in length by a byte or two. NULs after the certificate make the lengths equal.
    private func padded(_ der: [UInt8], to count: Int) -> [UInt8] {
        der + [UInt8](repeating: 0, count: max(0, count - der.count))
    }

    @Test func `Kubernetes' swap of a volume is seen at the path that stays`() throws {
        let (old, new) = (try certificate(), try certificate())
        try directory.write(old.pem, to: "..2026_01/tls.crt")
        try directory.link("..data", to: "..2026_01")
        try directory.link("tls.crt", to: "..data/tls.crt")
        let run = try ScanRun(directory)
        #expect(run.scan().read == ["tls.crt": [old.fingerprint]])
        try directory.write(new.pem, to: "..2026_02/tls.crt")
        try directory.link("..data", to: "..2026_02")
        try directory.remove("..2026_01")
        let swapped = run.scan()
        #expect(swapped.read == ["tls.crt": [new.fingerprint]])
        #expect(swapped.gone == [])
    }

    @Test func `a directory that Kubernetes links to is read once, under the link's name`() throws {
        try writeCertificates(["..2026_01/sub/tls.crt"])
        try directory.link("..data", to: "..2026_01")
        try directory.link("sub", to: "..data/sub")
        try directory.link("sub-again", to: "..data/sub")
        #expect(try ScanRun(directory).scan().read.keys.sorted() == ["sub-again/tls.crt"])
    }

    @Test func `a target replaced under a stable link is read`() throws {
        let (old, new) = (try certificate(), try certificate())
        try directory.write(old.pem, to: "store/1.pem")
        try directory.write("", to: "live/README")
        try directory.link("live/current.pem", to: "../store/1.pem")
        let run = try ScanRun(directory, "live")
        #expect(run.scan().read["live/current.pem"] == [old.fingerprint])
        try directory.write(new.pem, to: "store/1.pem")
        #expect(run.scan().read == ["live/current.pem": [new.fingerprint]])
    }

    @Test func `a file that is no longer in its directory is gone`() throws {
        try writeCertificates(["a.pem", "b.pem", "c/d.pem", "c/e.pem", "f.pem"])
        let run = try ScanRun(directory)
        _ = run.scan()
        for name in ["a.pem", "c", "f.pem"] { try directory.remove(name) }
        let result = run.scan()
        #expect(result.gone == ["a.pem", "c/d.pem", "c/e.pem", "f.pem"])
        #expect(result.outcome == .seen(files: 1))
    }

    @Test func `what lies below a directory that cannot be listed is not gone`() throws {
        try writeCertificates(["a/1.pem", "a/2.pem", "a/b/3.pem", "a-b.pem", "c.pem"])
        let run = try ScanRun(directory, pageSize: 1)
        _ = run.scan()
        try chmod("a", 0o100)
        try directory.remove("a-b.pem")
        try chmod("", 0o755)
        let result = withoutPrivileges { run.scan() }
        #expect(result.unreadable == ["a": .permissionDenied])
        #expect(result.gone == ["a-b.pem"])
        try chmod("a", 0o755)
        #expect(withoutPrivileges { run.scan() }.order == [])
    }

    @Test func `an emptied directory is lost from sight, and nothing in it is gone`() throws {
        let names = (0..<20).map { "sub/\($0).pem" }
        try writeCertificates(names)
        let run = try ScanRun(directory)
        _ = run.scan()
        for name in names { try directory.remove(name) }
        let result = run.scan()
        #expect(result.gone == [])
        #expect(result.outcome?.lostReason == .emptyDirectory)
        #expect(run.memory.count == 20)
    }

    @Test(arguments: ["file.pem", "directory", "directory/*.pem"])
    func `a source that is no longer there is lost from sight, and nothing in it is gone`(pattern: String) throws {
        try writeCertificates(["file.pem", "directory/a.pem", "directory/b.pem"])
        let run = try ScanRun(directory, pattern)
        #expect(run.scan().read.isEmpty == false)
        try directory.remove("file.pem")
        try directory.remove("directory")
        let result = run.scan()
        #expect(result.order == [])
        #expect(result.outcome?.lostReason == .notFound)
    }

    @Test func `a root that cannot be listed is lost from sight`() throws {
        try writeCertificates(["directory/a.pem"])
        let run = try ScanRun(directory, "directory")
        _ = run.scan()
        try chmod("", 0o755)
        try chmod("directory", 0)
        let result = withoutPrivileges { run.scan() }
        #expect(result.order == [])
        #expect(result.outcome?.lostReason == .permissionDenied)
    }

    @Test func `a source of which nothing can be listed is lost for that reason`() throws {
        try writeCertificates(["directory/a/1.pem"])
        let run = try ScanRun(directory, "directory")
        _ = run.scan()
        for name in ["", "directory"] { try chmod(name, 0o755) }
        try chmod("directory/a", 0)
        let result = withoutPrivileges { run.scan() }
        #expect(result.gone == [])
        #expect(result.outcome?.lostReason == .permissionDenied)
    }

    @Test func `a file that is still being written is read until it stands`() throws {
        let certificate = try certificate()
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        try directory.write(String(certificate.pem.prefix(100)), to: "a.pem")
        let run = try ScanRun(directory)
        #expect(run.scan(fileClock: now).read == ["a.pem": []])
        #expect(run.memory.values.allSatisfy { $0 == nil })
        try directory.write(certificate.pem, to: "a.pem")
        #expect(run.scan(fileClock: now).read == ["a.pem": [certificate.fingerprint]])
    }

    @Test func `an outright file that cannot be read is lost from sight`() throws {
        try writeCertificates(["a.pem"])
        try chmod("", 0o755)
        try chmod("a.pem", 0)
        let run = try ScanRun(directory, "a.pem")
        #expect(withoutPrivileges { run.scan() }.outcome?.lostReason == .permissionDenied)
    }

    @Test func `a directory that never held files is seen, and a glob that matches nothing is lost`() throws {
        try directory.makeDirectory("empty")
        #expect(try ScanRun(directory, "empty").scan().outcome == .seen(files: 0))
        #expect(try ScanRun(directory, "empty/*.pem").scan().outcome?.lostReason == .emptyGlob)
    }

    @Test(arguments: [1, 2, 7, 1_000], [1, 3, 512])
    func `pages and batches of any size tell the same, in ascending order`(pageSize: Int, batch: Int) throws {
        let names = ["a", "a-b/x", "a.b", "a/b", "a/b-c", "b/c/d", "b/c.d", "c"].map { "\($0).pem" }
        try writeCertificates(names)
        var limits = ScanLimits()
        limits.eventsPerBatch = batch
        let run = try ScanRun(directory, limits: limits, pageSize: pageSize)
        let first = run.scan()
        #expect(first.order.count == names.count)
        #expect(first.order == first.order.sorted())
        #expect(run.scan().order == [])
        try directory.remove("a/b.pem")
        try directory.remove("c.pem")
        try writeCertificates(["a.a.pem", "z.pem", "a/b-c.pem"])
        let second = run.scan()
        #expect(second.order == second.order.sorted())
        #expect(second.gone == ["a/b.pem", "c.pem"])
        #expect(second.read.keys.sorted() == ["a.a.pem", "a/b-c.pem", "z.pem"])
    }

    private func chmod(_ name: String, _ mode: mode_t) throws {
        try FileManager.default.setAttributes([.posixPermissions: Int(mode)], ofItemAtPath: directory.path(of: name))
    }
}

extension ScanOutcome {
    /// The reason why the source is lost. nil if it was read.
    var lostReason: Defect.Reason? {
        guard case .lost(let defect) = self else { return nil }
        return defect.reason
    }
}
