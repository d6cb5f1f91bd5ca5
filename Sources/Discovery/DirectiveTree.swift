/// The statements of a file while it is read: those of the file itself, and of the blocks whose ends are still to come.
struct DirectiveTree {
    /// What reads a tree goes as deep as the tree does.
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
    /// - Returns: false when that would be too deep; then there is nothing to end.
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

    /// Puts what the innermost block holds into the one around it, as if it were none.
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
