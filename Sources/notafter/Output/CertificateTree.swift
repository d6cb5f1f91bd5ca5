import CertificateDecoding
import Certificates
import Verification

/// The certificates of one bundle, issuers above what they issued.
struct CertificateTree {
    /// Deeper than any valid chain, but within the width of a screen.
    private static let deepestIndentation = 16
    /// In columns. The full name is printed further down.
    private static let longestName = 60

    private struct Node {
        let index: Int
        /// The mark before its name.
        let mark: String
        /// The indentation before the marks of its children.
        let indentation: String
        let depth: Int

        func child(_ index: Int, isLast: Bool) -> Node {
            guard depth < CertificateTree.deepestIndentation else {
                return Node(index: index, mark: mark, indentation: indentation, depth: depth)
            }
            return Node(
                index: index, mark: indentation + (isLast ? "└─ " : "├─ "),
                indentation: indentation + (isLast ? "   " : "│  "), depth: depth + 1)
        }
    }

    let certificates: [InspectedCertificate]

    /// One line for each certificate: its position in the tree, its name, and its expiry.
    func lines(at now: Instant, on terminal: Terminal) -> [String] {
        let below = Dictionary(grouping: certificates.indices, by: { certificates[$0].issuer })
        // A stack instead of recursion, since a hostile bundle can have any depth.
        var nodes = below[nil, default: []].reversed().map { Node(index: $0, mark: "", indentation: "", depth: 0) }
        var table = TextTable()
        while let node = nodes.popLast() {
            let inspected = certificates[node.index]
            let words = ExpiryWords(inspected.certificate.validity, at: now)
            table.append([
                Self.cell(node.mark, inspected.name, on: terminal),
                TextTable.Cell(words.text) { terminal.coloured($0, as: words.state) },
            ])
            let children = below[node.index, default: []]
            for (position, child) in children.enumerated().reversed() {
                nodes.append(node.child(child, isLast: position == children.count - 1))
            }
        }
        return table.lines(on: terminal, indentedBy: 2)
    }

    private static func cell(_ mark: String, _ name: String, on terminal: Terminal) -> TextTable.Cell {
        func text(within columns: Int) -> String {
            mark + ShortName.of(name, within: max(columns - DisplayWidth.columns(of: mark), 1))
        }
        let usual = terminal.namesAreWhole ? name : ShortName.of(name, within: longestName)
        return TextTable.Cell(mark + usual, fit: .shortened(text))
    }
}
