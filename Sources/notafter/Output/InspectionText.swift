import CertificateDecoding
import Certificates
import ExpiryRules
import Monitor
import Verification

/// The content of one place, for people: the tree of its certificates, then each object with its findings.
struct InspectionText {
    let container: Inspector.Container
    let now: Instant
    let terminal: Terminal

    /// Blocks of lines, to be separated by empty lines.
    var blocks: [[String]] {
        let certificates = container.bundle.certificates
        var blocks: [[String]] = []
        if certificates.count > 1 {
            let tree = CertificateTree(certificates: certificates).lines(at: now, on: terminal)
            let heading = "\(TerminalText.escaped(container.name)): \(counted(certificates.count, "certificate"))"
            blocks.append([heading] + tree)
        }
        for (index, certificate) in certificates.enumerated() {
            blocks.append(lines(for: certificate, at: container.location(at: index)))
        }
        for (index, list) in container.bundle.revocationLists.enumerated() {
            blocks.append(lines(for: list, at: container.location(at: index)))
        }
        return blocks
    }

    /// How many revoked certificates are shown to a person.
    private static let entryLimit = 20

    private func lines(for inspected: InspectedCertificate, at location: Location) -> [String] {
        let certificate = inspected.certificate
        var facts = FactTable(on: terminal)
        facts.append("Subject", certificate.subject.isEmpty ? "none" : certificate.subject)
        facts.append("Issuer", certificate.subject == certificate.issuer ? "the same" : certificate.issuer)
        facts.append("Names", wrapping: certificate.subjectAlternativeNames)
        append(certificate.validity, as: ("Not before", "Not after"), to: &facts)
        facts.append("Key", certificate.publicKey)
        facts.append("Signature", certificate.signatureAlgorithm)
        facts.append("CA", inspected.authorityText)
        facts.append("Usages", inspected.usagesText)
        facts.append("Serial", certificate.serialNumber.description)
        facts.append("SHA-256", certificate.fingerprint.description)
        facts.append("Location", location.description)
        for finding in inspected.findings {
            let text = "\(finding.code.rawValue): \(finding.message)"
            facts.append(finding.severity.rawValue, filling: text) { terminal.coloured($0, as: finding.state) }
            facts.append("", filling: finding.remedy)
        }
        if let misfit = ThresholdMisfit(Registration.defaultThresholds, validity: certificate.validity) {
            let code = FindingCode.thresholdTooWide
            facts.append(code.severity.rawValue, filling: "\(code.rawValue): by default, \(misfit.flaw.english)")
            facts.append("", filling: code.remedy)
        }
        return [TerminalText.escaped(inspected.name)] + facts.lines
    }

    private func lines(for inspected: InspectedRevocationList, at location: Location) -> [String] {
        let list = inspected.list
        var facts = FactTable(on: terminal)
        facts.append("CRL number", list.number?.description ?? "none")
        if let base = list.deltaBase { facts.append("Completes CRL", base.description) }
        if list.nextUpdate == nil {
            facts.append("This update", list.thisUpdate?.description ?? "unreadable")
            facts.append("Next update", inspected.hasNextUpdate ? "unreadable" : "not promised")
        } else {
            let validity = Validity(notBefore: list.thisUpdate, notAfter: list.nextUpdate)
            append(validity, as: ("This update", "Next update"), to: &facts)
        }
        facts.append("Revoked", counted(list.revokedCount, "certificate"))
        for entry in inspected.entries.prefix(Self.entryLimit) { facts.append("", entry.line) }
        if inspected.entries.count > Self.entryLimit {
            facts.append("", "and \(inspected.entries.count - Self.entryLimit) more; --json lists all of them")
        }
        facts.append("Authority key", list.authorityKeyIdentifier?.hexadecimal ?? "none")
        facts.append("Signature", list.signatureAlgorithm)
        facts.append("SHA-256", list.fingerprint.description)
        facts.append("Location", location.description)
        return [TerminalText.escaped("Revocation list of \(list.issuer)")] + facts.lines
    }

    /// Appends both ends of a validity, with its current meaning beside the relevant one.
    private func append(_ validity: Validity, as names: (begin: String, end: String), to facts: inout FactTable) {
        let words = ExpiryWords(validity, at: now)
        let text = terminal.coloured(words.text, as: words.state)
        let begin = validity.notBefore?.description ?? "unreadable"
        let isYetToCome = words.state == .notYetValid
        facts.append(names.begin, ours: isYetToCome ? "\(begin)  \(text)" : begin)
        switch validity.expiry {
        case .at(let instant): facts.append(names.end, ours: isYetToCome ? "\(instant)" : "\(instant)  \(text)")
        case .never: facts.append(names.end, "never")
        case .unreadable: facts.append(names.end, ours: text)
        }
    }
}

/// Names and facts in two columns.
private struct FactTable {
    private static let indentation = "  "
    private static let nameWidth = 15
    private static let usualWidth = 100

    private let valueWidth: Int
    private(set) var lines: [String] = []

    init(on terminal: Terminal) {
        let width = min(terminal.width ?? Self.usualWidth, Self.usualWidth)
        valueWidth = width - Self.indentation.count - Self.nameWidth
    }

    /// Adds a fact, escaped. `paint` colours its name.
    mutating func append(_ name: String, _ value: String, paint: (String) -> String = { $0 }) {
        append(name, ours: TerminalText.escaped(value), paint: paint)
    }

    /// Adds a text of our own, which may contain colours.
    mutating func append(_ name: String, ours value: String, paint: (String) -> String = { $0 }) {
        let padding = String(repeating: " ", count: Self.nameWidth - name.count)
        lines.append(Self.indentation + paint(name) + padding + value)
    }

    /// Adds sentences, escaped, wrapped at word boundaries.
    mutating func append(_ name: String, filling text: String, paint: (String) -> String = { $0 }) {
        var name = name
        var line = ""
        for word in TerminalText.escaped(text).split(separator: " ") {
            if !line.isEmpty, DisplayWidth.columns(of: line + word) + 1 > valueWidth {
                append(name, ours: line, paint: paint)
                (name, line) = ("", "")
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        append(name, ours: line, paint: paint)
    }

    /// Adds as many values to a line as fit.
    mutating func append(_ name: String, wrapping values: [String]) {
        guard let first = values.first else { return append(name, "none") }
        var name = name
        var line = TerminalText.escaped(first)
        for value in values.dropFirst().map(TerminalText.escaped) {
            if DisplayWidth.columns(of: line + value) + 3 > valueWidth {
                append(name, ours: line + ",")
                (name, line) = ("", value)
            } else {
                line += ", " + value
            }
        }
        append(name, ours: line)
    }
}

extension RevocationList.Entry {
    /// `4d2f…  2026-01-02T03:04:05Z  keyCompromise`
    fileprivate var line: String {
        let date = revokedAt.map(\.description) ?? "unreadable date"
        return [serialNumber.description, date, reason.map { "\($0)" } ?? ""].filter { !$0.isEmpty }
            .joined(separator: "  ")
    }
}

extension InspectedCertificate {
    fileprivate var authorityText: String {
        guard certificate.isCA else { return "no" }
        return switch pathLength {
        case nil: "yes"
        case 0: "yes, with no CA below it"
        case 1: "yes, with at most 1 CA below it"
        case .some(let limit): "yes, with at most \(limit) CAs below it"
        }
    }

    fileprivate var usagesText: String {
        guard let extendedKeyUsages else { return "not limited" }
        return extendedKeyUsages.isEmpty ? "none that can be read" : extendedKeyUsages.joined(separator: ", ")
    }
}

extension CertificateFinding {
    fileprivate var state: CertificateState {
        switch severity {
        case .info: .ok
        case .warning: .warning
        case .critical: .critical
        }
    }
}
