import Certificates

/// Unique names for registrations, derived from the host or otherwise from the file.
struct DraftNames {
    /// Leaves room for a suffix within the 64 characters of a name.
    private static let longestStem = 48
    /// File names of certbot and Kubernetes that do not identify the certificate. There the directory's name is used.
    private static let emptyStems: Set<String> = ["fullchain", "cert", "chain", "tls"]

    private var given: Set<String> = []
    private var counts: [String: Int] = [:]

    /// A new name: at most 64 of `[A-Za-z0-9._-]`.
    mutating func name(for certificate: DiscoveredCertificate) -> String {
        let host = certificate.hostnames.elements.first.map { $0.hasPrefix("*.") ? "wildcard" + $0.dropFirst() : $0 }
        let stem = Self.clean(host ?? Self.stem(of: certificate.path))
        let base = Self.ending(stem, certificate.role)
        var name = base
        while !given.insert(name).inserted {
            counts[base, default: 1] += 1
            name = "\(base)-\(counts[base, default: 1])"
        }
        return name
    }

    private static func stem(of path: String) -> String {
        let components = path.split(separator: "/")
        guard let file = components.last else { return "" }
        let stem = file.split(separator: ".").first.map(String.init) ?? ""
        let parent = components.dropLast().last.map(String.init)
        return emptyStems.contains(stem) ? parent ?? stem : stem
    }

    private static func clean(_ text: String) -> String {
        let cleaned = text.unicodeScalars.prefix(longestStem).map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": Character(scalar)
            default: "-"
            }
        }
        // Names such as `no` and `1.0` are valid, since all names are quoted in the draft.
        return cleaned.isEmpty ? "certificate" : String(cleaned)
    }

    private static func ending(_ stem: String, _ role: Role) -> String {
        guard role != .server else { return stem }
        let ending = role == .revocationList ? "crl" : role.rawValue
        return stem == ending || stem.hasSuffix("-\(ending)") ? stem : "\(stem)-\(ending)"
    }
}
