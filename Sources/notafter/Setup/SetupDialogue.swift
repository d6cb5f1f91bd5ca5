import Glibc

/// Asks a person at a terminal.
struct SetupDialogue {
    /// Whether a person at a terminal can answer.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// The answer to a question; the default where the answer is empty, nil where there is none.
    func answer(_ question: String, default proposed: String?) -> String? {
        print(proposed.map { "\(question) [\(TerminalText.escaped($0))]: " } ?? "\(question): ", terminator: "")
        fflush(nil)
        let text = (readLine() ?? "").drop(while: \.isWhitespace)
        let answer = text.reversed().drop(while: \.isWhitespace).reversed()
        return answer.isEmpty ? proposed : String(answer)
    }
}
