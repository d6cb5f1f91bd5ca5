import CertificateDecoding
import Certificates
import Scanning

/// A configuration of notafter's that registers what an inventory holds, with comments for its reviewer.
package struct ConfigurationDraft: Sendable {
    /// YAML, ending with a newline. Without registrations it is comments alone, which no configuration can be.
    package let text: String
    /// How many entries `certificates` has.
    package let registrationCount: Int
    /// What may be missing, in sentences that name the place.
    package let warnings: [String]

    /// Reads the certificates that are named, as far as they can be read, to tell the reviewer what they are.
    package init(_ inventory: Inventory, decoder: CertificateDecoder) {
        var names = DraftNames()
        var lines = [
            "# Drafted by notafter discover. Review names, roles and hostnames, and add what is missing: owner, issuer, labels."
        ]
        var warnings: [String] = []
        if !inventory.certificates.isEmpty { lines += ["", "certificates:"] }
        for (index, certificate) in inventory.certificates.enumerated() {
            let content = FileContent(of: certificate.path, decoder: decoder)
            warnings += content.defects.map { "\(certificate.path): \($0)" }
            if index > 0 { lines.append("") }
            lines += Self.entry(certificate, named: names.name(for: certificate), content: content)
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
        lines.append("    role: \(certificate.role.rawValue)")
        // A path is a pattern to the configuration, and this one means itself.
        lines.append("    paths: [\(YAMLQuoting.quoted(PathPattern(literal: certificate.path).text))]")
        if certificate.role == .ca, !certificate.hostnames.elements.isEmpty {
            let hostnames = certificate.hostnames.elements.map(YAMLQuoting.quoted)
            lines.append("    hostnames: [\(hostnames.joined(separator: ", "))]")
        }
        return lines
    }
}

/// What a file holds now, in a few lines.
struct FileContent {
    private static let shownCertificates = 4

    /// What was read, and what could not be.
    let lines: [String]
    /// What could not be read.
    let defects: [String]

    init(of path: String, decoder: CertificateDecoder) {
        var certificates: [String] = []
        var defects: [String] = []
        let outcome = FileSearch(decoder: decoder).bundles(in: PathPattern(literal: path)) { _, bundle in
            certificates += bundle.certificates.map(Self.line)
            defects += bundle.defects.map(\.message)
        }
        if case .lost(let defect) = outcome { defects.append(defect.message) }
        var lines = Array(certificates.prefix(Self.shownCertificates))
        if certificates.count > lines.count { lines.append("and \(certificates.count - lines.count) more") }
        if certificates.isEmpty, defects.isEmpty { defects.append("it holds no certificate") }
        self.lines = lines + defects.prefix(Self.shownCertificates)
        self.defects = Array(defects.prefix(Self.shownCertificates))
    }

    private static func line(_ certificate: Certificate) -> String {
        let subject = certificate.subject.isEmpty ? "a certificate without a name" : certificate.subject
        return switch certificate.validity.expiry {
        case .at(let notAfter): "\(subject), until \(notAfter)"
        case .never: "\(subject), without expiry"
        case .unreadable: "\(subject), with an expiry that cannot be read"
        }
    }
}
