import Foundation
import Synchronization

/// Messages for people; results go to stdout.
enum StandardError {
    /// Back to the start of the line, and erase it (ECMA-48 8.3.41).
    private static let erasing = "\r\u{1B}[K"

    private static let isProgressShown = Mutex(false)

    /// Prints one line, which may contain untrusted text of certificates and servers.
    static func print(_ line: String) {
        print(lines: [line])
    }

    /// Prints several lines. A line break inside a line is untrusted and is escaped.
    static func print(lines: [String]) {
        let text = lines.map { TerminalText.escaped($0) + "\n" }.joined()
        isProgressShown.withLock { isShown in
            write((isShown ? erasing : "") + text)
            isShown = false
        }
    }

    /// Shows a line in place of the last progress line, shortened to the terminal. Other lines erase it.
    static func showProgress(_ line: String) {
        let line = DisplayWidth.start(of: line, within: Terminal.columns(of: STDERR_FILENO) - 1)
        isProgressShown.withLock { isShown in
            write(erasing + line)
            isShown = true
        }
    }

    static func eraseProgress() {
        isProgressShown.withLock { isShown in
            if isShown { write(erasing) }
            isShown = false
        }
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
