import Certificates

/// A pattern cut into its fixed beginning, where the walk starts, and what has to match below it.
///
/// `*` and `?` match within one name, `**` as a whole component any number of directories, also none. Unlike a shell's,
/// wildcards match names that begin with one dot; no wildcard matches a name that begins with two, because such
/// directories are the works of Kubernetes' volumes, whose files are reached through the links beside them.
struct PathGlob {
    /// One component of the pattern.
    enum Component: Equatable {
        case literal([UInt8])
        /// Bytes and wildcards.
        case wildcard([Token])
        /// `**`
        case anyDepth
    }

    /// What a wildcard component is made of.
    enum Token: Equatable {
        case byte(UInt8)
        case anyByte
        case anyBytes
    }

    /// Where the walk starts, without a final slash; empty for the working directory.
    let root: [UInt8]
    /// What the names below the root have to match; empty for a path named outright.
    let components: [Component]

    /// Cuts `pattern`. `\*`, `\?` and `\\` stand for themselves, and any other backslash too.
    init(_ pattern: PathPattern) {
        let cut = Self.cut(PathText.bytes(of: pattern.text))
        let fixed = cut.prefix { if case .literal = $0 { true } else { false } }
        var root: [UInt8] = pattern.text.utf8.first == UInt8(ascii: "/") ? [UInt8(ascii: "/")] : []
        for case .literal(let name) in fixed {
            if let last = root.last, last != UInt8(ascii: "/") { root.append(UInt8(ascii: "/")) }
            root += name
        }
        self.root = root
        self.components = Array(cut.dropFirst(fixed.count))
    }

    /// All files below `root`.
    init(everythingBelow root: [UInt8]) {
        self.root = root
        self.components = [.anyDepth]
    }

    /// What may still follow in a directory at `root`, when `expected` is what its names may match: one glob for each.
    func rest(of expected: Expected, at root: [UInt8]) -> [PathGlob] {
        expected.map { PathGlob(root: root, components: Array(components[$0...])) }
    }

    private init(root: [UInt8], components: [Component]) {
        self.root = root
        self.components = components
    }

    /// Empty components are left out: `a//b/` is `a/b`.
    private static func cut(_ text: [UInt8]) -> [Component] {
        var components: [Component] = []
        var tokens: [Token] = []
        var index = 0
        func finish() {
            if !tokens.isEmpty { components.append(component(tokens)) }
            tokens = []
        }
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "/"): finish()
            case UInt8(ascii: "*"): tokens.append(.anyBytes)
            case UInt8(ascii: "?"): tokens.append(.anyByte)
            case UInt8(ascii: "\\") where index + 1 < text.count && Array("*?\\".utf8).contains(text[index + 1]):
                index += 1
                tokens.append(.byte(text[index]))
            case let byte: tokens.append(.byte(byte))
            }
            index += 1
        }
        finish()
        return components
    }

    private static func component(_ tokens: [Token]) -> Component {
        if tokens == [.anyBytes, .anyBytes] { return .anyDepth }
        var bytes: [UInt8] = []
        for token in tokens {
            guard case .byte(let byte) = token else { return .wildcard(tokens) }
            bytes.append(byte)
        }
        return .literal(bytes)
    }
}

extension PathGlob {
    /// Which components the names in one directory may match: several, since `**` stands for any number of directories.
    typealias Expected = [Int]

    /// What the names directly below the root may match.
    var expectedBelowRoot: Expected { withSuccessorsOfAnyDepth([0]) }

    /// Whether a file of this name belongs to the pattern.
    func matchesFile(_ name: Span<UInt8>, expected: Expected) -> Bool {
        expected.contains { $0 == components.count - 1 && matches(name, components[$0]) }
    }

    /// What the names in a directory of this name may match; empty when nothing in it can belong to the pattern.
    func expected(inDirectory name: Span<UInt8>, expected: Expected) -> Expected {
        var next: Expected = []
        for index in expected where matches(name, components[index]) {
            if components[index] == .anyDepth {
                next.append(index)
            } else if index + 1 < components.count {
                next.append(index + 1)
            }
        }
        return withSuccessorsOfAnyDepth(next)
    }

    /// Whether a directory of this name is called for by a component of its own, and not merely by a `**`.
    func callsForDirectory(_ name: Span<UInt8>, expected: Expected) -> Bool {
        expected.contains { components[$0] != .anyDepth && $0 + 1 < components.count && matches(name, components[$0]) }
    }

    /// The only names that can match, where no wildcard is expected: then the directory need not be listed.
    func onlyNames(expected: Expected) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        for index in expected {
            guard case .literal(let name) = components[index] else { return nil }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// `**` matches no directory as well, so what follows it is expected in the same place.
    private func withSuccessorsOfAnyDepth(_ indices: Expected) -> Expected {
        var all: Expected = []
        for var index in indices {
            while true {
                if !all.contains(index) { all.append(index) }
                guard components[index] == .anyDepth, index + 1 < components.count else { break }
                index += 1
            }
        }
        return all
    }

    /// Whether a component matches a name.
    func matches(_ name: Span<UInt8>, _ component: Component) -> Bool {
        switch component {
        case .literal(let literal):
            name.count == literal.count && literal.indices.allSatisfy { name[$0] == literal[$0] }
        case .anyDepth: !Self.isInternal(name)
        case .wildcard(let tokens): !Self.isInternal(name) && matches(name, tokens)
        }
    }

    /// Whether the name is one of those that Kubernetes' volumes keep for themselves, `..data` and `..2026_11_21_…`.
    static func isInternal(_ name: Span<UInt8>) -> Bool {
        name.count > 2 && name[0] == UInt8(ascii: ".") && name[1] == UInt8(ascii: ".")
    }

    /// Takes the shortest match of each `*`, and comes back to the last one alone: no pattern takes more than the product
    /// of the two lengths.
    private func matches(_ name: Span<UInt8>, _ tokens: [Token]) -> Bool {
        var (position, index) = (0, 0)
        var retry: (position: Int, index: Int)?
        while position < name.count {
            if index < tokens.count {
                switch tokens[index] {
                case .anyBytes:
                    retry = (position, index)
                    index += 1
                    continue
                case .byte(name[position]), .anyByte:
                    position += 1
                    index += 1
                    continue
                case .byte: break
                }
            }
            guard let last = retry else { return false }
            retry = (last.position + 1, last.index)
            (position, index) = (last.position + 1, last.index + 1)
        }
        return tokens[index...].allSatisfy { $0 == .anyBytes }
    }
}
