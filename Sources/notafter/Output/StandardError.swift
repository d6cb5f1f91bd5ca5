import Foundation

/// Messages for people; results go to stdout.
enum StandardError {
    /// Prints one line, which may contain untrusted text of certificates and servers.
    static func print(_ line: String) {
        print(lines: [line])
    }

    /// Prints several lines. A line break inside a line is untrusted and is escaped.
    static func print(lines: [String]) {
        let text = lines.map { TerminalText.escaped($0) + "\n" }.joined()
        FileHandle.standardError.write(Data(text.utf8))
    }
}
