import CertificateDecoding
import Certificates
import Scanning

/// A configuration for notafter that registers the certificates of an inventory, with comments for its reviewer.
package struct ConfigurationDraft: Sendable {
    /// YAML, ending with a newline. Without registrations it contains only comments, which is not a valid
    /// configuration.
    package let text: String
    /// How many entries `certificates` and `revocation_lists` have.
    package let registrationCount: Int
    /// Sentences about what may be missing, each with its place.
    package let warnings: [String]

    /// Reads the named certificates, if possible, to describe them to the reviewer.
    package init(_ inventory: Inventory, decoder: CertificateDecoder) {
        var names = DraftNames()
        var lines = [
            "# Drafted by notafter discover. Review names, roles and hostnames, and add what is missing: owner, issuer, labels."
        ]
        var warnings: [String] = []
        let isList = { (file: DiscoveredCertificate) in file.role == .revocationList }
        let sections = [
            ("certificates", inventory.certificates.filter { !isList($0) }),
            ("revocation_lists", inventory.certificates.filter(isList)),
        ]
        for (section, files) in sections where !files.isEmpty {
            lines += ["", "\(section):"]
            for (index, file) in files.enumerated() {
                let content = FileContent(of: file.path, as: file.role, decoder: decoder)
                warnings += content.defects.map { "\(file.path): \($0)" }
                if index > 0 { lines.append("") }
                lines += Self.entry(file, named: names.name(for: file), content: content)
            }
        }
        if !inventory.remarks.isEmpty {
            lines += ["", "# Not registered:"]
            lines += inventory.remarks.map { "# - " + YAMLQuoting.comment("\($0.place): \($0.text)") }
        }
        warnings += inventory.remarks.filter { $0.kind == .warning }.map { "\($0.place): \($0.text)" }
        self.text = lines.joined(separator: "\n") + "\n"
        self.registrationCount = inventory.certificates.count
        self.warnings = warnings
    }

    private static let shownPlaces = 8

    private static func entry(
        _ certificate: DiscoveredCertificate, named name: String, content: FileContent
    ) -> [String] {
        let places = certificate.places.elements
        var comments = places.prefix(shownPlaces).map(\.description)
        if places.count > shownPlaces { comments.append("and in \(places.count - shownPlaces) more places") }
        comments += certificate.keys.elements.map { "with the private key \($0)" }
        comments += content.lines
        var lines = comments.map { "  # " + YAMLQuoting.comment($0) }
        lines.append("  - name: \(YAMLQuoting.quoted(name))")
        if certificate.role != .revocationList { lines.append("    role: \(certificate.role.rawValue)") }
        // The configuration reads a path as a pattern, so special characters are escaped.
        lines.append("    paths: [\(YAMLQuoting.quoted(PathPattern(literal: certificate.path).text))]")
        if certificate.role == .ca, !certificate.hostnames.elements.isEmpty {
            let hostnames = certificate.hostnames.elements.map(YAMLQuoting.quoted)
            lines.append("    hostnames: [\(hostnames.joined(separator: ", "))]")
        }
        return lines
    }
}

/// A description of a file's content in a few lines.
struct FileContent {
    private static let shownCertificates = 4

    /// The description, including what could not be read.
    let lines: [String]
    /// What could not be read.
    let defects: [String]

    /// Describes only the content that the `role` is about.
    init(of path: String, as role: Role, decoder: CertificateDecoder) {
        let isList = role == .revocationList
        var certificates: [String] = []
        var defects: [String] = []
        let outcome = FileSearch(decoder: decoder).bundles(in: PathPattern(literal: path)) { _, bundle in
            certificates += isList ? bundle.revocationLists.map(Self.line) : bundle.certificates.map(Self.line)
            defects += bundle.defects.map(\.message)
        }
        if case .lost(let defect) = outcome { defects.append(defect.message) }
        var lines = Array(certificates.prefix(Self.shownCertificates))
        if certificates.count > lines.count { lines.append("and \(certificates.count - lines.count) more") }
        if certificates.isEmpty, defects.isEmpty {
            defects.append("it holds no \(isList ? "revocation list" : "certificate")")
        }
        self.lines = lines + defects.prefix(Self.shownCertificates)
        self.defects = Array(defects.prefix(Self.shownCertificates))
    }

    private static func line(_ list: RevocationList) -> String {
        let nextUpdate = list.nextUpdate.map { "until \($0)" } ?? "without an end"
        return "the list of \(list.issuer), \(nextUpdate)"
    }

    private static func line(_ certificate: Certificate) -> String {
        let subject = certificate.name
        return switch certificate.validity.expiry {
        case .at(let notAfter): "\(subject), until \(notAfter)"
        case .never: "\(subject), without expiry"
        case .unreadable: "\(subject), with an expiry that cannot be read"
        }
    }
}
