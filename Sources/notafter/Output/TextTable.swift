/// A table with aligned columns, for people. On a terminal its lines fit.
struct TextTable {
    /// How a cell gives way in a narrow terminal.
    enum Fit {
        /// Not at all.
        case whole
        /// Its text in at most so many columns, escaped.
        case shortened((_ columns: Int) -> String)
        /// As the last cell: on more lines, below its column, or below the row where the column is narrow.
        case wrapped
    }

    /// A cell's text, and how it is coloured after padding.
    struct Cell {
        let text: String
        let fit: Fit
        let paint: (String) -> String

        init(_ text: String, fit: Fit = .whole, paint: @escaping (String) -> String = { $0 }) {
            self.text = TerminalText.escaped(text)
            self.fit = fit
            self.paint = paint
        }

        /// A cell of which a narrow terminal shows the start.
        static func start(of text: String) -> Cell {
            let escaped = TerminalText.escaped(text)
            return Cell(text, fit: .shortened { DisplayWidth.start(of: escaped, within: $0) })
        }

        /// A distinguished name, of which a narrow terminal shows the Common Name.
        static func name(_ name: String) -> Cell {
            Cell(name, fit: .shortened { ShortName.of(name, within: $0) })
        }

        fileprivate var width: Int { DisplayWidth.columns(of: text) }

        fileprivate var isShortened: Bool {
            switch fit {
            case .shortened: true
            case .whole, .wrapped: false
            }
        }

        fileprivate var isWrapped: Bool {
            switch fit {
            case .wrapped: true
            case .whole, .shortened: false
            }
        }

        fileprivate func text(within columns: Int) -> String {
            switch fit {
            case .shortened(let shorten): width > columns ? shorten(columns) : text
            case .whole, .wrapped: text
            }
        }
    }

    private static let gap = 2
    /// Shortened columns keep this width.
    private static let narrowest = 12
    /// A narrower column of wrapped text begins below its row instead.
    private static let narrowestWrapped = 30
    private static let indentationBelow = 4

    private var rows: [[Cell]] = []

    mutating func append(_ row: [Cell]) {
        rows.append(row)
    }

    /// One line for each row, however wide. The last cell is not padded.
    var lines: [String] { lines(within: nil, indentedBy: 0) }

    /// The rows on a terminal.
    func lines(on terminal: Terminal, indentedBy indentation: Int = 0) -> [String] {
        lines(within: terminal.width, indentedBy: indentation)
    }

    private func lines(within columns: Int?, indentedBy indentation: Int) -> [String] {
        let widths = widths(within: columns.map { $0 - indentation })
        return rows.flatMap { line(of: $0, widths, within: columns, indentedBy: indentation) }
    }

    private func line(of row: [Cell], _ widths: [Int], within columns: Int?, indentedBy indentation: Int) -> [String] {
        let last = row.lastIndex { !$0.text.isEmpty } ?? 0
        var line = String(repeating: " ", count: indentation)
        for (column, cell) in row[...last].enumerated() where !(cell.isWrapped && column == last && column > 0) {
            let text = cell.text(within: widths[column])
            let padding = column == last ? 0 : widths[column] - DisplayWidth.columns(of: text) + Self.gap
            line += cell.paint(text) + String(repeating: " ", count: padding)
        }
        let cell = row[last]
        guard cell.isWrapped, last > 0 else { return [line] }
        let start = indentation + widths[..<last].reduce(0) { $0 + $1 + Self.gap }
        let room = columns.map { $0 - start } ?? .max
        if cell.width <= room { return [line + cell.paint(cell.text)] }
        if room >= Self.narrowestWrapped {
            let parts = LineWrap.parts(of: cell.text, within: room, hangingAt: 0).map(cell.paint)
            let margin = String(repeating: " ", count: start)
            return [line + parts[0]] + parts.dropFirst().map { margin + $0 }
        }
        let margin = String(repeating: " ", count: indentation + Self.indentationBelow)
        let parts = LineWrap.parts(of: cell.text, within: (columns ?? .max) - margin.count, hangingAt: 0)
        let unpadded = line.reversed().drop { $0 == " " }.reversed()
        return (unpadded.isEmpty ? [] : [String(unpadded)]) + parts.map { margin + cell.paint($0) }
    }

    /// The width of each column. The widest of those that can be shortened give way first.
    private func widths(within columns: Int?) -> [Int] {
        let count = rows.map(\.count).max() ?? 0
        func cells(_ column: Int) -> [Cell] {
            rows.compactMap { $0.indices.contains(column) ? $0[column] : nil }
        }
        var widths = (0..<count).map { column in
            cells(column).map { $0.isWrapped && column == count - 1 ? 0 : $0.width }.max() ?? 0
        }
        guard let columns else { return widths }
        let flexible = widths.indices.filter { cells($0).contains(where: \.isShortened) }
        var excess = widths.reduce(0, +) + Self.gap * max(count - 1, 0) - columns
        // Shortened columns make room for wrapped text if that is enough for it.
        let wrapped = cells(count - 1).filter(\.isWrapped).map(\.width).max() ?? 0
        let wanted = excess + min(wrapped, Self.narrowestWrapped)
        if wanted <= flexible.map({ max(widths[$0] - Self.narrowest, 0) }).reduce(0, +) { excess = wanted }
        while excess > 0 {
            let byWidth = flexible.filter { widths[$0] > Self.narrowest }.sorted { widths[$0] > widths[$1] }
            guard let widest = byWidth.first else { break }
            let next = byWidth.dropFirst().first.map { widths[$0] } ?? Self.narrowest
            let step = min(excess, max(1, widths[widest] - next))
            widths[widest] -= step
            excess -= step
        }
        return widths
    }
}
