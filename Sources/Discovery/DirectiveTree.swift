/// The statements of a file while it is parsed: those of the file itself, and those of the open blocks.
struct DirectiveTree {
    /// Limits the depth, since readers of the tree are recursive.
    private static let deepestBlock = 64

    /// The innermost block last; the first one is the file.
    private var levels: [(head: Directive?, statements: [Directive])] = [(nil, [])]

    /// Whether a block is open.
    var isOpen: Bool { levels.count > 1 }

    mutating func append(_ directive: Directive) {
        levels[levels.count - 1].statements.append(directive)
    }

    /// Opens a block.
    ///
    /// - Returns: false when that would be too deep. Then no block was opened.
    mutating func begin(_ head: Directive) -> Bool {
        guard levels.count <= Self.deepestBlock else { return false }
        levels.append((head, []))
        return true
    }

    /// Ends the innermost block.
    ///
    /// - Returns: false when none is open.
    mutating func end() -> Bool {
        guard isOpen, let level = levels.popLast(), var directive = level.head else { return false }
        directive.block = level.statements
        append(directive)
        return true
    }

    /// Moves the statements of the innermost block into the enclosing one.
    mutating func dissolve() {
        guard isOpen, let level = levels.popLast() else { return }
        levels[levels.count - 1].statements += level.statements
    }

    /// The statement that opened the innermost block.
    var innermost: Directive? { levels.last?.head }

    /// All statements, with every block ended.
    consuming func directives() -> [Directive] {
        while end() {}
        return levels.first?.statements ?? []
    }
}
