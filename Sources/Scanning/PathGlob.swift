import Certificates

/// A pattern, split into its fixed prefix, where the walk starts, and the components that must match below it.
///
/// `*` and `?` match within one name. `**` as a whole component matches any number of directories, including none.
/// Unlike in a shell, wildcards match names that begin with one dot. No wildcard matches a name that begins with two
/// dots, because these are internal directories of Kubernetes volumes, whose files are reached through the links beside
/// them.
struct PathGlob {
    /// One component of the pattern.
    enum Component: Hashable {
        case literal([UInt8])
        /// Bytes and wildcards.
        case wildcard([Token])
        /// `**`
        case anyDepth
    }

    /// A part of a wildcard component.
    enum Token: Hashable {
        case byte(UInt8)
        case anyByte
        case anyBytes
    }

    /// Where the walk starts, without a final slash; empty for the working directory.
    let root: [UInt8]
    /// The components that names below the root must match; empty for a literal path.
    let components: [Component]

    /// Splits `pattern`. `\*`, `\?` and `\\` are the literal characters, and so is any other backslash.
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

    /// The rest of the pattern in a directory at `root` whose names may match `expected`: one glob for each component.
    func rest(of expected: Expected, at root: [UInt8]) -> [PathGlob] {
        expected.map { PathGlob(root: root, components: Array(components[$0...])) }
    }

    private init(root: [UInt8], components: [Component]) {
        self.root = root
        self.components = components
    }

    /// Splits a text into components. Empty ones are left out, so `a//b/` is `a/b`.
    static func cut(_ text: [UInt8]) -> [Component] {
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
    /// The indices of the components that names in one directory may match. There can be several, since `**` matches
    /// any number of directories.
    typealias Expected = [Int]

    /// The components that names directly below the root may match.
    var expectedBelowRoot: Expected { withSuccessorsOfAnyDepth([0]) }

    /// Whether the pattern matches a file of this name.
    func matchesFile(_ name: Span<UInt8>, expected: Expected) -> Bool {
        expected.contains { $0 == components.count - 1 && Self.matches(name, components[$0]) }
    }

    /// The components that names in a directory of this name may match; empty if the pattern matches nothing in it.
    func expected(inDirectory name: Span<UInt8>, expected: Expected) -> Expected {
        var next: Expected = []
        for index in expected where Self.matches(name, components[index]) {
            if components[index] == .anyDepth {
                next.append(index)
            } else if index + 1 < components.count {
                next.append(index + 1)
            }
        }
        return withSuccessorsOfAnyDepth(next)
    }

    /// Whether a directory of this name matches a component other than `**`.
    func callsForDirectory(_ name: Span<UInt8>, expected: Expected) -> Bool {
        expected.contains {
            components[$0] != .anyDepth && $0 + 1 < components.count && Self.matches(name, components[$0])
        }
    }

    /// The only names that can match if no wildcard is expected. Then the directory need not be listed.
    func onlyNames(expected: Expected) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        for index in expected {
            guard case .literal(let name) = components[index] else { return nil }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Adds the successors of `**`, which can match no directory.
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
    static func matches(_ name: Span<UInt8>, _ component: Component) -> Bool {
        switch component {
        case .literal(let literal):
            name.count == literal.count && literal.indices.allSatisfy { name[$0] == literal[$0] }
        case .anyDepth: !isInternal(name)
        case .wildcard(let tokens): !isInternal(name) && matches(name, tokens)
        }
    }

    /// Whether the name is internal to Kubernetes volumes, such as `..data` and `..2026_11_21_…`.
    static func isInternal(_ name: Span<UInt8>) -> Bool {
        name.count > 2 && name[0] == UInt8(ascii: ".") && name[1] == UInt8(ascii: ".")
    }

    /// Takes the shortest match of each `*` and backtracks only to the last one, so the cost is at most the product of
    /// the two lengths.
    private static func matches(_ name: Span<UInt8>, _ tokens: [Token]) -> Bool {
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
