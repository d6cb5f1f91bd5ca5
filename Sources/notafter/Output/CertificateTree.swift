import CertificateDecoding
import Certificates
import Verification

/// The certificates of one bundle, issuers above what they issued.
struct CertificateTree {
    /// Deeper than any chain that works, and no deeper than a screen is wide.
    private static let deepestIndentation = 16
    /// Of a name; what is more stands in full further down.
    private static let longestName = 60

    private struct Node {
        let index: Int
        /// What stands before its name.
        let mark: String
        /// What stands before the marks of those below it.
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

    /// One line a certificate: its place in the tree, its name, and how long it lasts.
    func lines(at now: Instant, on terminal: Terminal) -> [String] {
        let below = Dictionary(grouping: certificates.indices, by: { certificates[$0].issuer })
        // A stack and no recursion: a hostile bundle is as deep as it likes.
        var nodes = below[nil, default: []].reversed().map { Node(index: $0, mark: "", indentation: "", depth: 0) }
        var table = TextTable()
        while let node = nodes.popLast() {
            let inspected = certificates[node.index]
            let words = ExpiryWords(inspected.certificate.validity, at: now)
            table.append([
                TextTable.Cell(node.mark + Self.shortened(inspected.name)),
                TextTable.Cell(words.text) { terminal.coloured($0, as: words.state) },
            ])
            let children = below[node.index, default: []]
            for (position, child) in children.enumerated().reversed() {
                nodes.append(node.child(child, isLast: position == children.count - 1))
            }
        }
        return table.lines
    }

    private static func shortened(_ name: String) -> String {
        name.count > longestName ? name.prefix(longestName) + "…" : name
    }
}
