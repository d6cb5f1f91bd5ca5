/// A table with aligned columns, for people.
struct TextTable {
    /// A cell's text, and how it is coloured after padding.
    struct Cell {
        let text: String
        let paint: (String) -> String

        init(_ text: String, paint: @escaping (String) -> String = { $0 }) {
            self.text = TerminalText.escaped(text)
            self.paint = paint
        }
    }

    private var rows: [[Cell]] = []

    mutating func append(_ row: [Cell]) {
        rows.append(row)
    }

    /// One line for each row. The last cell is not padded.
    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { $0.indices.contains(column) ? DisplayWidth.columns(of: $0[column].text) : nil }.max() ?? 0
        }
        return rows.map { row in
            let last = row.lastIndex { !$0.text.isEmpty } ?? 0
            let cells = row[...last].enumerated().map { column, cell in
                let padding = column == last ? 0 : widths[column] - DisplayWidth.columns(of: cell.text)
                return cell.paint(cell.text) + String(repeating: " ", count: padding)
            }
            return cells.joined(separator: "  ")
        }
    }
}
