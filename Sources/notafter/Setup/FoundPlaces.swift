import Certificates
import Monitor
import Scanning
import Verification

/// The entries of a configuration for the certificates below some paths: one a role and path.
struct FoundPlaces {
    /// An entry of `certificates`.
    struct Entry: Hashable {
        var name: String
        let role: Role
        let paths: [String]
        var excluded: [String] = []
    }

    private(set) var entries: [Entry] = []
    /// What could not be read below the paths, and paths without a certificate.
    private(set) var defects: [String] = []

    /// Reads what is below `paths`.
    ///
    /// - Parameters:
    ///   - paths: files, directories and globs.
    ///   - spelling: how the configuration spells a path.
    ///   - now: the present time.
    /// - Throws: `OpenSSLError` when memory is short.
    init(below paths: [String], spelling: (String) -> String, at now: Instant) throws {
        let inspector = try Inspector(at: now)
        for path in paths {
            var files: [Role: [String]] = [:]
            var problems: [String] = []
            try inspector.read(at: PathPattern(target: path), passphraseFile: nil) { container in
                problems += container.bundle.defects.map(\.message)
                if let role = container.bundle.role { files[role, default: []].append(container.name) }
            }
            defects += problems
            if files.isEmpty, problems.isEmpty { defects.append("\(path): holds no certificate") }
            append(files, below: path, spelling)
        }
        name()
    }

    /// The role with the most files has the path itself, so that new files are watched too; the others have their files.
    private mutating func append(_ files: [Role: [String]], below path: String, _ spelling: (String) -> String) {
        let ranked = files.sorted { ($0.value.count, $0.key.rawValue) > ($1.value.count, $1.key.rawValue) }
        guard let main = ranked.first else { return }
        let others = ranked.dropFirst()
        let excluded = others.flatMap(\.value).sorted().map(spelling)
        entries.append(
            Entry(name: Self.stem(of: path), role: main.key, paths: [spelling(path)], excluded: excluded))
        for other in others {
            entries.append(
                Entry(
                    name: "\(Self.stem(of: path))-\(other.key.rawValue)", role: other.key,
                    paths: other.value.sorted().map(spelling)))
        }
    }

    /// Makes the names unique.
    private mutating func name() {
        var given: Set<String> = []
        for index in entries.indices {
            let base = entries[index].name
            var count = 1
            while !given.insert(entries[index].name).inserted {
                count += 1
                entries[index].name = "\(base)-\(count)"
            }
        }
    }

    /// A name from the last component of a path: at most 48 of `[A-Za-z0-9._-]`.
    private static func stem(of path: String) -> String {
        let components = BaseDirectory.working.absolute(path).split(separator: "/")
        let last = components.last { !$0.contains("*") && !$0.contains("?") } ?? "certificates"
        let letters = last.unicodeScalars.prefix(48).map { scalar -> Character in
            let isAllowed =
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar))
            return isAllowed ? Character(scalar) : "-"
        }
        return String(letters)
    }
}

extension InspectedBundle {
    /// What its first certificate is for; nil without one. A chain counts by its leaf.
    fileprivate var role: Role? {
        guard let leaf = certificates.first(where: { !$0.certificate.isCA }) else {
            return certificates.isEmpty ? nil : .ca
        }
        guard let usages = leaf.extendedKeyUsages, usages.contains("serverAuth") else { return .client }
        let isNamedAsServer = leaf.certificate.subjectAlternativeNames.contains { $0.hasPrefix("DNS:") }
        return usages.contains("clientAuth") && !isNamedAsServer ? .client : .server
    }
}
