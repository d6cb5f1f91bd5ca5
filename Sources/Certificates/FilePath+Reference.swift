extension FilePath {
    /// Stands between a file and one that it names.
    private static let arrow = Array(" -> ".utf8)

    /// The place of `target` as this file names it: `/etc/kubernetes/admin.conf -> /etc/kubernetes/pki/ca.crt`. In the order
    /// of paths it comes behind this file.
    package func referring(to target: FilePath) -> FilePath {
        FilePath(bytes: bytes + Self.arrow + target.bytes)
    }

    /// The file that names another, and the other, where this is the place of one that is named; at the first arrow.
    package var reference: (referrer: FilePath, target: FilePath)? {
        guard let start = bytes.firstRange(of: Self.arrow) else { return nil }
        return (FilePath(bytes: bytes[..<start.lowerBound]), FilePath(bytes: bytes[start.upperBound...]))
    }

    /// `name` as a file beside this one would mean it: below the directory that holds this file, unless it is absolute.
    package func sibling(_ name: FilePath) -> FilePath {
        guard name.bytes.first != UInt8(ascii: "/"), let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
            return name
        }
        return FilePath(bytes: bytes[...slash] + name.bytes)
    }
}
