/// The colours of the pages in one mode. Every colour of the style sheet is one of these.
struct Palette: Sendable {
    /// A use of colour.
    enum Tone: String, Hashable, Sendable, CaseIterable {
        case background, panel, text, muted, line, link
        // States
        case ok, soon, warning, critical, expired, unknown
        // Drawings
        case authority, leaf, list, band
    }

    /// A colour as `#rrggbb`.
    let colours: [Tone: String]

    /// A colour of text or of a drawing before a background, with the contrast that WCAG 2.2 demands.
    struct Pair: Hashable, Sendable {
        let front: Tone
        let back: Tone
        let leastContrast: Double
    }

    /// 4.5:1 for text (1.4.3), 3:1 for the parts of a drawing (1.4.11).
    static let pairs: [Pair] =
        [Tone.text, .muted, .link, .ok, .soon, .warning, .critical, .expired, .unknown].flatMap { front in
            [Tone.background, .panel, .band].map { Pair(front: front, back: $0, leastContrast: 4.5) }
        }
        + [Tone.authority, .leaf, .list, .ok, .critical].flatMap { front in
            [Tone.panel, .band].map { Pair(front: front, back: $0, leastContrast: 3) }
        }

    static let light = Palette(colours: [
        .background: "#f5f6f8", .panel: "#ffffff", .text: "#1b1f24", .muted: "#535b66", .line: "#d5d9df",
        .link: "#0a56a6", .ok: "#0c6a5f", .soon: "#0a56a6", .warning: "#875000", .critical: "#b3241c",
        .expired: "#8a1859", .unknown: "#535b66", .authority: "#6b4fbb", .leaf: "#2f6fb5", .list: "#0f7f74",
        .band: "#f7eedd",
    ])

    static let dark = Palette(colours: [
        .background: "#14171b", .panel: "#1c2026", .text: "#e8eaed", .muted: "#a9b1bc", .line: "#373d47",
        .link: "#8ab8ff", .ok: "#6fd3b8", .soon: "#8ab8ff", .warning: "#f0b35a", .critical: "#ff9a8f",
        .expired: "#f39acb", .unknown: "#a9b1bc", .authority: "#b39df5", .leaf: "#7fb3f0", .list: "#5fc9b8",
        .band: "#2c281f",
    ])

    /// `--panel:#ffffff;…`
    var declarations: String {
        Tone.allCases.compactMap { tone in colours[tone].map { "--\(tone.rawValue):\($0);" } }.joined()
    }
}
