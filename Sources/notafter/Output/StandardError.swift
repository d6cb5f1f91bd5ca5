import Foundation

/// Messages for people; results go to stdout.
enum StandardError {
    /// Prints one line or several. The text may hold what certificates and servers say.
    static func print(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            TerminalText.escaped(String($0))
        }
        FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}
