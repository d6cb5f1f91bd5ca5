import Foundation

/// Messages for people; results go to stdout.
enum StandardError {
    /// Prints one line, which may hold what certificates and servers say.
    static func print(_ line: String) {
        print(lines: [line])
    }

    /// Prints several lines, as they were put together by ourselves: a line break inside of one is not ours.
    static func print(lines: [String]) {
        let text = lines.map { TerminalText.escaped($0) + "\n" }.joined()
        FileHandle.standardError.write(Data(text.utf8))
    }
}
