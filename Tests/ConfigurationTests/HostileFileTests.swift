import Configuration
import Glibc
import Testing

/// Malicious files are refused with the place of the problem, and without harm.
@Suite struct HostileFileTests {
    private let valid = Array("certificates: [{ name: a, role: ca, paths: [a.pem] }]\n".utf8)

    @Test func `a byte order mark and carriage returns are taken`() throws {
        let lines = "certificates:\r\n  - name: a\r\n    role: ca\r\n    paths: [a.pem]\r\n"
        #expect(try Scratch().problems(of: [0xEF, 0xBB, 0xBF] + Array(lines.utf8)) == [])
    }

    static let tails: [(tail: [UInt8], problem: String)] = [
        ([0x00], "2:1: holds the character U+0000, which YAML does not allow"),
        (Array("# caf\u{E9} \u{1B}".utf8), "2:8: holds the character U+001B, which YAML does not allow"),
        (Array("# caf".utf8) + [0xE9, 0x20], "2:6: is not UTF-8 from here on"),
        (Array("# \u{FFFD}\n ".utf8) + [0xC0, 0x80], "3:2: is not UTF-8 from here on"),
        (Array("\r\n# ".utf8) + [0xFE, 0xFF], "3:3: is not UTF-8 from here on"),
    ]

    @Test(arguments: tails)
    func `bytes that are no text are refused with their place`(tail: [UInt8], problem: String) throws {
        #expect(try Scratch().problems(of: valid + tail) == [problem])
    }

    @Test func `a file over one mebibyte is refused`() throws {
        let comment = [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
        #expect(try Scratch().problems(of: valid + comment) == ["1:1: is larger than 1048576 bytes"])
        #expect(try Scratch().problems(of: valid + comment.dropLast(valid.count)) == [])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "])
    func `deep nesting is refused`(opening: String) throws {
        let nested = Array(String(repeating: opening, count: 100_000).utf8)
        let problems = try Scratch().problems(of: nested)
        #expect(problems.count == 1 && problems[0].contains("is not valid YAML"), "\(problems)")
    }

    @Test(arguments: [
        "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: {? *b : x}\n",
        "? &a [x]\n: *a\n",
        "# *not an alias\n\"quoted\":&a [x]\n\"more\":*a\n",
        "--- &a\nb: [x,*a]\n",
    ])
    func `aliases never expand`(text: String) throws {
        let problems = try Scratch().problems(of: Array(text.utf8))
        #expect(problems.count == 1 && problems[0].contains("anchors and aliases"), "\(problems)")
    }

    @Test(arguments: ["# see &this and *that", "owner: R&D", "a: '5 * 3 & 2'"])
    func `an ampersand or a star in a text or comment is none of them`(text: String) throws {
        let problems = try Scratch().problems(of: Array(text.utf8))
        #expect(!problems.contains { $0.contains("anchors and aliases") }, "\(problems)")
    }

    @Test func `a fifo, a directory and nothing are refused at once`() throws {
        let scratch = try Scratch()
        #expect(mkfifo(scratch.path + "/fifo", 0o600) == 0)
        for (name, clause) in [
            ("fifo", "is not a regular file"), ("", "is a directory"),
            ("gone", "does not exist"),
        ] {
            let path = scratch.path + "/" + name
            let error = try #require(throws: ConfigurationError.self) { try SettingsFile.load(path: path) }
            #expect(error.description == "\(path):1:1: \(clause)")
        }
    }

    @Test func `more repeated keys than are worth a parse each still end in one problem`() throws {
        let text = "certificates: []\n" + (0..<40).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        let problems = try Scratch().problems(of: Array(text.utf8))
        #expect(problems.count == 1 && problems[0].contains("key repeated"), "\(problems)")
    }
}
