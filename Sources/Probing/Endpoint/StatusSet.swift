/// A set of HTTP statuses, given as single statuses or classes.
package struct StatusSet: Hashable, Sendable {
    /// One status or one class of statuses.
    package enum Element: Hashable, Sendable {
        case status(Int)
        /// `2` means 200 to 299.
        case hundreds(Int)

        /// Parses `204` and `2xx`. nil for anything outside 100 to 599.
        package init?(parsing text: String) {
            if let status = Int(text), (100...599).contains(status) {
                self = .status(status)
            } else if text.count == 3, text.hasSuffix("xx"), let hundreds = text.first?.wholeNumberValue,
                (1...5).contains(hundreds)
            {
                self = .hundreds(hundreds)
            } else {
                return nil
            }
        }
    }

    package let elements: Set<Element>

    package init(_ elements: Set<Element>) {
        self.elements = elements
    }

    package var isEmpty: Bool { elements.isEmpty }

    package func contains(_ status: Int) -> Bool {
        elements.contains(.status(status)) || elements.contains(.hundreds(status / 100))
    }

    package func union(_ other: StatusSet) -> StatusSet {
        StatusSet(elements.union(other.elements))
    }

    package static let success = StatusSet([.hundreds(2)])
    package static let none = StatusSet([])
}

extension StatusSet: ExpressibleByArrayLiteral {
    package init(arrayLiteral statuses: Int...) {
        self.init(Set(statuses.map(Element.status)))
    }
}

extension StatusSet: CustomStringConvertible {
    /// `200 or 3xx`
    package var description: String {
        let texts = elements.map { element in
            switch element {
            case .status(let status): "\(status)"
            case .hundreds(let hundreds): "\(hundreds)xx"
            }
        }
        return texts.sorted().joined(separator: " or ")
    }
}
