import ExpiryRules
import Foundation

/// Whether stdout is a terminal, and whether it shows colours.
struct Terminal {
    let isInteractive: Bool
    private let hasColours: Bool

    /// `noColour` is `--no-color`. `NO_COLOR`, `TERM=dumb` and a stdout that is not a terminal have the same effect.
    init(noColour: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
        isInteractive = isatty(STDOUT_FILENO) == 1
        let isRefused = noColour || environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        let isForced = environment["FORCE_COLOR"]?.isEmpty == false
        hasColours = !isRefused && (isInteractive || isForced)
    }

    /// The text in the colour of its state. The text itself names the state, since a terminal may have no colours.
    func coloured(_ text: String, as state: CertificateState) -> String {
        switch state {
        case .ok: painted(text, .green)
        case .warning: painted(text, .yellow)
        case .critical, .expired, .notYetValid: painted(text, .red)
        }
    }

    func coloured(_ text: String, isGood: Bool) -> String {
        painted(text, isGood ? .green : .red)
    }

    /// SGR parameters (ECMA-48 8.3.117).
    private enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
    }

    private func painted(_ text: String, _ colour: Colour) -> String {
        hasColours ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
