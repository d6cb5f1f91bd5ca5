import Certificates

/// Names and paths that a scan leaves out, such as archive, backup and expired folders.
///
/// A pattern without a slash matches the name of a file or directory at any depth, one with a slash the end of a path,
/// and an absolute one a whole path. `*`, `?` and `**` are those of `PathPattern`. An excluded directory is not entered.
package struct PathExclusion: Hashable, Sendable {
    /// Excludes nothing.
    package static let none = PathExclusion([])

    private var relative: [[PathGlob.Component]]
    private var absolute: [[PathGlob.Component]]

    package init(_ patterns: [PathPattern]) {
        func components(isAbsolute: Bool) -> [[PathGlob.Component]] {
            patterns.map(\.text).filter { $0.hasPrefix("/") == isAbsolute }.map { PathGlob.cut(PathText.bytes(of: $0)) }
                .map { $0.filter { $0 != .literal([UInt8(ascii: ".")]) } }.filter { !$0.isEmpty }
        }
        relative = components(isAbsolute: false)
        absolute = components(isAbsolute: true)
    }

    /// What either of both excludes.
    package func adding(_ other: PathExclusion) -> PathExclusion {
        var both = self
        both.relative += other.relative
        both.absolute += other.absolute
        return both
    }

    /// Whether nothing is excluded.
    package var isEmpty: Bool { relative.isEmpty && absolute.isEmpty }

    /// Whether a pattern matches the path of a file or directory.
    package func excludes(_ path: FilePath) -> Bool {
        guard !isEmpty else { return false }
        let names = Self.names(of: path)
        if relative.contains(where: { Self.matches(names[...], [.anyDepth] + $0) }) { return true }
        guard !absolute.isEmpty else { return false }
        let isAbsolute = path.bytes.first == UInt8(ascii: "/")
        let whole = isAbsolute ? names : Self.names(of: FilePath(BaseDirectory.working.absolute(path.description)))
        return absolute.contains { Self.matches(whole[...], $0[...]) }
    }

    /// Whether a search of the directory `root` leaves out the file at `path`, or a directory on the way to it.
    package func excludes(_ path: FilePath, below root: FilePath) -> Bool {
        guard !isEmpty, path != root else { return false }
        let slash = UInt8(ascii: "/")
        let ends = path.bytes.indices.filter { $0 > root.bytes.count && path.bytes[$0] == slash } + [path.bytes.count]
        return ends.contains { excludes(FilePath(bytes: path.bytes[..<$0])) }
    }

    private static func names(of path: FilePath) -> [[UInt8]] {
        path.bytes.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
    }

    /// Unlike in a search, `**` also matches the internal directories of Kubernetes volumes.
    private static func matches(_ names: ArraySlice<[UInt8]>, _ pattern: ArraySlice<PathGlob.Component>) -> Bool {
        guard let component = pattern.first else { return names.isEmpty }
        let rest = pattern.dropFirst()
        guard component != .anyDepth else {
            return (names.startIndex...names.endIndex).contains { matches(names[$0...], rest) }
        }
        guard let name = names.first, PathGlob.matches(name.span, component) else { return false }
        return matches(names.dropFirst(), rest)
    }
}
