import ExpiryRules
import Foundation

/// Whether stdout is a terminal, and whether it shows colours.
struct Terminal {
    /// The widths that listings are fitted to. A narrower terminal wraps.
    private static let widths = 80...200

    let isInteractive: Bool
    /// The columns that a line may take; nil where there is no limit.
    let width: Int?
    /// Whether distinguished names are shown whole, and not shortened to their Common Names.
    let namesAreWhole: Bool
    private let hasColours: Bool

    /// The columns of a descriptor's terminal: what the kernel says, or else COLUMNS, or else 80.
    static func columns(
        of descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Int {
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : environment["COLUMNS"].flatMap { Int($0) } ?? widths.lowerBound
    }

    private static func fitted(_ columns: Int) -> Int { min(max(columns, widths.lowerBound), widths.upperBound) }

    /// `noColour` is `--no-color`. `NO_COLOR`, `TERM=dumb` and a stdout that is not a terminal have the same effect.
    /// `isWide` is `--wide`: nothing is shortened.
    init(
        noColour: Bool, isWide: Bool = false, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        isInteractive = isatty(STDOUT_FILENO) == 1
        width = isInteractive && !isWide ? Self.fitted(Self.columns(of: STDOUT_FILENO, environment: environment)) : nil
        namesAreWhole = isWide
        let isRefused = noColour || environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        let isForced = environment["FORCE_COLOR"]?.isEmpty == false
        hasColours = !isRefused && (isInteractive || isForced)
    }

    /// Prints lines. On a terminal they are wrapped at its width.
    func show(_ lines: [String]) {
        for line in fitted(lines) { print(line) }
    }

    /// The lines, wrapped at the terminal's width.
    func fitted(_ lines: [String]) -> [String] {
        guard let width else { return lines }
        return lines.flatMap { LineWrap.parts(of: $0, within: width) }
    }

    /// A distinguished name inside a sentence: on a terminal its Common Name, where it is long.
    func shortName(_ name: String) -> String {
        width == nil ? TerminalText.escaped(name) : ShortName.of(name, within: Self.widestNameInSentence)
    }

    private static let widestNameInSentence = 40

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
