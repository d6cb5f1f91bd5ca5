import FileReading
import Glibc
import Scanning

/// The file system to which a configuration's paths belong: this machine's, or one that is mounted at a directory, such
/// as a container image.
package struct SystemRoot: Hashable, Sendable {
    /// Absolute, without a final slash; empty for this machine's own.
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// This machine's own.
    package static let machine = SystemRoot("")

    /// A chain of more links counts as a loop, as in the kernel.
    private static let mostLinks = 40

    /// The path on this machine of the file that has the absolute path `file` in the system itself.
    func located(_ file: String) -> String { path + file }

    /// Resolves the symbolic links of `file` as the system itself does: an absolute target begins at the root, and `..`
    /// does not leave the root.
    func resolved(_ file: String) -> String {
        guard !path.isEmpty, file.hasPrefix(path + "/") else { return file }
        var pending = Self.components(file.dropFirst(path.count))
        var done: [String] = []
        var links = 0
        while let component = pending.popLast() {
            if component == "." { continue }
            if component == ".." {
                _ = done.popLast()
                continue
            }
            done.append(component)
            guard links < Self.mostLinks, let target = Self.target(ofLink: path + "/" + done.joined(separator: "/"))
            else {
                continue
            }
            links += 1
            if target.hasPrefix("/") { done = [] } else { _ = done.popLast() }
            pending += Self.components(target[...])
        }
        return path + "/" + done.joined(separator: "/")
    }

    /// The path by which a scan on this machine opens the file that the system itself finds at `file`.
    func openable(_ file: String) -> String {
        let resolved = resolved(file)
        return Self.realPath(file) == Self.realPath(resolved) ? file : resolved
    }

    /// Whether `file` exists, with links followed.
    func exists(_ file: String) -> Bool { access(resolved(file), F_OK) == 0 }

    /// Whether `file` certainly does not exist. Without permission to check, it may exist.
    func isMissing(_ file: String) -> Bool {
        access(resolved(file), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    /// The existing paths that match `pattern`, an absolute glob on this machine, in byte order. Directories are listed
    /// one by one with the system's own links resolved, so that a dangling link does not hide other matches.
    ///
    /// - Throws: a failure to list a directory.
    func paths(matching pattern: String) throws(RegularFile.Failure) -> [String] {
        var found = [""]
        for component in pattern.split(separator: "/").map(String.init) {
            var next: [String] = []
            for directory in found {
                if GlobPattern(component).isGlob {
                    let listed = GlobPattern(GlobPattern.literal(resolved(directory)) + "/" + component)
                    let names = try listed.paths().compactMap { $0.split(separator: "/").last }
                    next += names.map { directory + "/" + $0 }
                } else {
                    next.append(directory + "/" + GlobPattern(component).named)
                }
            }
            found = next
        }
        return found.filter { !isMissing($0) || Self.target(ofLink: $0) != nil }
    }

    /// The components in reverse order.
    private static func components(_ path: Substring) -> [String] {
        path.split(separator: "/").reversed().map(String.init)
    }

    private static func target(ofLink path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                characters.baseAddress.map { readlink(path, $0, characters.count) } ?? -1
            }
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// nil if the file does not exist.
    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
