import Certificates

/// Names for registrations: after the host, or else after the file; each given once.
struct DraftNames {
    /// Leaves room for an ending in the 64 that a name may have.
    private static let longestStem = 48
    /// File names that say nothing of the certificate: certbot's and Kubernetes', where the directory does.
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
        // `no`, `1.0` and the like are quoted where they are written, and so are names too.
        return cleaned.isEmpty ? "certificate" : String(cleaned)
    }

    private static func ending(_ stem: String, _ role: Role) -> String {
        guard role != .server else { return stem }
        let ending = role == .revocationList ? "crl" : role.rawValue
        return stem == ending || stem.hasSuffix("-\(ending)") ? stem : "\(stem)-\(ending)"
    }
}
