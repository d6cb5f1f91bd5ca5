import Certificates
import Testing

struct PathTextTests {
    private static let paths: [[UInt8]] = {
        let texts = ["", "pki/a.pem", "caf\u{E9}.pem", "\u{F7E9}", "\u{FEFF}\u{1F4A9}"].map { Array($0.utf8) }
        let broken: [[UInt8]] = [
            [0x61, 0xE9, 0x62], [0xFF, 0xFE], [0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x92], [0xEF, 0x9F, 0xA9, 0xE9],
            [0xED, 0xA0, 0x80], [0xC0, 0xAF],
        ]
        return texts + broken
    }()

    @Test(arguments: paths)
    func `a path is the same bytes after it was text`(bytes: [UInt8]) {
        #expect(PathText.bytes(of: PathText.text(of: bytes)) == bytes)
        #expect(FilePath(PathText.text(of: bytes)).bytes == bytes)
    }

    @Test func `text of people's is as they wrote it`() {
        for text in ["pki/a.pem", "caf\u{E9}", "\u{65E5}\u{672C}", "\u{FF21}"] {
            #expect(PathText.text(of: Array(text.utf8)) == text)
            #expect(PathText.bytes(of: text) == Array(text.utf8))
        }
    }
}
