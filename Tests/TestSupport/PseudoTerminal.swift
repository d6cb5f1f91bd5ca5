import Foundation

/// A terminal on which a command runs, as the wrapper of `NotafterProcess`. The command's output there becomes the
/// wrapper's standard output.
package struct PseudoTerminal: Sendable {
    /// What to print of that which the terminal shows.
    package enum Transcript: String, Sendable {
        /// All of it, with escape sequences.
        case raw
        /// Each line without colours, after its width.
        case lines
    }

    /// What follows when the terminal shows a pattern (a regular expression of Python).
    package struct Reaction: Sendable {
        let pattern: String
        let action: String

        /// Creates the file at `path`.
        package static func create(_ path: String, when pattern: String) -> Reaction {
            Reaction(pattern: pattern, action: path)
        }

        /// Interrupts the command, as Ctrl-C does.
        package static func interrupt(when pattern: String) -> Reaction {
            Reaction(pattern: pattern, action: "SIGINT")
        }
    }

    package let columns: Int
    package let transcript: Transcript
    package let reaction: Reaction?

    package init(columns: Int = 80, transcript: Transcript, reaction: Reaction? = nil) {
        self.columns = columns
        self.transcript = transcript
        self.reaction = reaction
    }

    /// The words that run a command on it.
    package var wrapper: [String] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/pseudo_terminal.py"
        return [
            RequiredTool.debianPython.path, script, "\(columns)", transcript.rawValue, reaction?.action ?? "",
            reaction?.pattern ?? "",
        ]
    }
}
