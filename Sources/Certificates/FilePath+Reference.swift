extension FilePath {
    /// Separates a file from another one that it names.
    private static let arrow = Array(" -> ".utf8)

    /// The place of `target` as named by this file: `/etc/kubernetes/admin.conf -> /etc/kubernetes/pki/ca.crt`. It
    /// sorts after this file.
    package func referring(to target: FilePath) -> FilePath {
        FilePath(bytes: bytes + Self.arrow + target.bytes)
    }

    /// Splits the place of a named file at the first arrow into the naming file and the named one. nil for any other
    /// path.
    package var reference: (referrer: FilePath, target: FilePath)? {
        guard let start = bytes.firstRange(of: Self.arrow) else { return nil }
        return (FilePath(bytes: bytes[..<start.lowerBound]), FilePath(bytes: bytes[start.upperBound...]))
    }

    /// Resolves `name` as this file would: relative to the directory of this file, unless `name` is absolute.
    package func sibling(_ name: FilePath) -> FilePath {
        guard name.bytes.first != UInt8(ascii: "/"), let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
            return name
        }
        return FilePath(bytes: bytes[...slash] + name.bytes)
    }
}
