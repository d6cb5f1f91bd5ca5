/// A bounded queue of elements to be recorded, oldest first. While the ledger cannot be written, the oldest elements
/// are dropped.
package struct Backlog<Element> {
    private let limit: Int
    private var elements: [Element] = []
    /// Whether the last attempt to record failed.
    package private(set) var isStuck = false
    /// How many elements were dropped since the last successful recording.
    package private(set) var lost = 0

    package init(limit: Int) {
        self.limit = limit
    }

    package var isEmpty: Bool { elements.isEmpty }

    package var hasRoom: Bool { elements.count < limit }

    package mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Removes and returns all elements, to be recorded.
    package mutating func take() -> [Element] {
        defer { elements = [] }
        return elements
    }

    /// Puts elements that could not be recorded before those that were added since.
    package mutating func putBack(_ taken: [Element]) {
        isStuck = true
        elements = taken + elements
        guard elements.count > limit else { return }
        lost += elements.count - limit
        elements.removeFirst(elements.count - limit)
    }

    /// Drops all other elements.
    package mutating func keep(where isWanted: (Element) -> Bool) {
        elements.removeAll { !isWanted($0) }
    }

    /// Notes that the elements taken were recorded.
    package mutating func settle() {
        (isStuck, lost) = (false, 0)
    }
}
