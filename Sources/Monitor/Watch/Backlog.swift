/// What waits to be recorded, oldest first. Bounded: where the ledger takes nothing for long, the oldest is given up.
package struct Backlog<Element> {
    private let limit: Int
    private var elements: [Element] = []
    /// Whether the last attempt to record failed.
    package private(set) var isStuck = false
    /// How many were given up since it was last recorded.
    package private(set) var lost = 0

    package init(limit: Int) {
        self.limit = limit
    }

    package var isEmpty: Bool { elements.isEmpty }

    package var hasRoom: Bool { elements.count < limit }

    package mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes out all of them, to be recorded.
    package mutating func take() -> [Element] {
        defer { elements = [] }
        return elements
    }

    /// They could not be recorded, and go before those that have come since.
    package mutating func putBack(_ taken: [Element]) {
        isStuck = true
        elements = taken + elements
        guard elements.count > limit else { return }
        lost += elements.count - limit
        elements.removeFirst(elements.count - limit)
    }

    /// Forgets the others.
    package mutating func keep(where isWanted: (Element) -> Bool) {
        elements.removeAll { !isWanted($0) }
    }

    /// They were recorded.
    package mutating func settle() {
        (isStuck, lost) = (false, 0)
    }
}
