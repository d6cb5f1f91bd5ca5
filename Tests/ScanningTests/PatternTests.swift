import CertificateDecoding
import Certificates
import Foundation
import Scanning
import TestSupport
import Testing

/// The files that a pattern matches, and those that it does not.
struct PatternTests {
    private static let tree = [
        "a.pem", "b.crt", ".hidden.pem", "live/one/cert.pem", "live/one/key.pem", "live/two/cert.pem",
        "deep/x/y/z/cert.pem",
        "[x].pem", "star*.pem",
    ]

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let pem = try TestPKI.authority("Lab CA").pem
        for name in Self.tree { try directory.write(pem, to: name) }
    }

    @Test(
        arguments: [
            ("*.pem", [".hidden.pem", "[x].pem", "a.pem", "star*.pem"]),
            ("?.*", ["a.pem", "b.crt"]),
            ("live/*/cert.pem", ["live/one/cert.pem", "live/two/cert.pem"]),
            ("live/*", []),
            ("live/**", ["live/one/cert.pem", "live/one/key.pem", "live/two/cert.pem"]),
            ("**/cert.pem", ["deep/x/y/z/cert.pem", "live/one/cert.pem", "live/two/cert.pem"]),
            ("**/x/**/cert.pem", ["deep/x/y/z/cert.pem"]),
            ("**/**/a.pem", ["a.pem"]),
            ("*/*/*", ["live/one/cert.pem", "live/one/key.pem", "live/two/cert.pem"]),
            ("star\\*.pem", ["star*.pem"]),
            ("[x].pem", ["[x].pem"]),
            ("live//one/", ["live/one/cert.pem", "live/one/key.pem"]),
            ("l*e/o?e/*rt*.p*m", ["live/one/cert.pem"]),
        ] as [(String, [String])])
    func `a pattern names these files`(pattern: String, expected: [String]) throws {
        #expect(try ScanRun(directory, pattern).scan().read.keys.sorted() == expected)
    }

    @Test func `a glob follows links to directories that it calls for, inside its root`() throws {
        try directory.link("live/current", to: "two")
        try directory.link("live/away", to: "/etc")
        let result = try ScanRun(directory, "live/*/cert.pem").scan()
        #expect(result.read.keys.sorted() == ["live/current/cert.pem", "live/one/cert.pem", "live/two/cert.pem"])
        #expect(result.skipped == ["live/away": .linkOutsideRoot])
    }

    @Test func `directories that cannot match are not listed, and files that do not match not opened`() throws {
        for name in ["deep", "b.crt"] {
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: directory.path(of: name))
        }
        // `live` may be entered but not listed.
        try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: directory.path(of: "live"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        let run = try ScanRun(directory, "l*/one/cert.pem")
        let result = withoutPrivileges { run.scan() }
        #expect(result.unreadable == [:])
        #expect(result.read.keys.sorted() == ["live/one/cert.pem"])
    }

    @Test func `a pattern of many stars ends`() throws {
        try directory.write("", to: String(repeating: "a", count: 200))
        let pattern = String(repeating: "*a", count: 60) + "b"
        #expect(try ScanRun(directory, pattern).scan().outcome?.lostReason == .emptyGlob)
    }

    @Test func `a search without memory hands out each file that tells something`() throws {
        try directory.write("listen = 443", to: "nginx.conf")
        try directory.write("-----BEGIN CERTIFICATE-----", to: "broken.pem")
        try directory.link("dangling.pem", to: "nowhere")
        let search = FileSearch(decoder: try CertificateDecoder())
        var found: [String: CertificateBundle] = [:]
        let outcome = search.bundles(in: PathPattern(directory.path)) { found[$0.description] = $1 }
        #expect(found.values.map(\.certificates.count).reduce(0, +) == Self.tree.count)
        #expect(found.count == Self.tree.count + 2)
        #expect(found[directory.path(of: "dangling.pem")]?.defects.map(\.reason) == [.danglingLink])
        #expect(found[directory.path(of: "broken.pem")]?.defects.map(\.reason) == [.badPEM])
        #expect(outcome == .seen(files: Self.tree.count + 2))
    }

    @Test func `two threads hand out the same files in the same order as one`() throws {
        let pem = try TestPKI.authority("Lab CA").pem
        for index in 0..<300 {
            try directory.write(index % 7 == 0 ? "-----BEGIN CERTIFICATE-----" : pem, to: "many/\(index).pem")
        }
        // Too large for the second thread.
        try directory.write(String(repeating: pem, count: 2_000), to: "many/bundle.pem")
        func listing(_ helper: CertificateDecoder?) throws -> [String] {
            var lines: [String] = []
            let search = FileSearch(decoder: try CertificateDecoder(), helper: helper)
            let outcome = search.bundles(in: PathPattern(directory.path)) { path, bundle in
                lines.append("\(path) \(bundle.certificates.count) \(bundle.defects.map(\.reason))")
            }
            return lines + ["\(outcome)"]
        }
        let (alone, together) = (try listing(nil), try listing(CertificateDecoder()))
        #expect(alone.count > 300)
        #expect(alone == together)
    }

    @Test func `a change key is forty bytes and comes back from them`() throws {
        let run = try ScanRun(directory)
        _ = run.scan()
        for case let key? in run.memory.values {
            #expect(key.bytes.count == 40)
            #expect(ChangeKey(bytes: key.bytes) == key)
        }
        #expect(ChangeKey(bytes: []) == nil)
    }
}
