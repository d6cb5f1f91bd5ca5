import CertificateDecoding
import Certificates
import Verification

/// A verification report in `verify --json`. The keys are a contract that only grows.
struct VerificationObject: Encodable {
    let report: VerificationReport
    let location: Location
    /// The file or header, for people.
    let name: String

    private enum CodingKeys: String, CodingKey {
        case certificate, checks, holds, revocations, warnings, findings
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let certificate = report.certificate.map { CertificateObject(certificate: $0, location: location) }
        try container.encode(certificate, forKey: .certificate)
        try container.encode(report.results.map(CheckObject.init), forKey: .checks)
        try container.encode(report.holds, forKey: .holds)
        try container.encode(report.revocations.map(RevocationObject.init), forKey: .revocations)
        try container.encode(report.warnings.map(WarningObject.init), forKey: .warnings)
        try container.encode(report.findings.map(FindingObject.init), forKey: .findings)
    }

    /// One line for each check, and the verdict last.
    func lines(on terminal: Terminal) -> [String] {
        var table = TextTable()
        for result in report.results {
            let word = TextTable.Cell(result.holds ? "ok" : "FAILS") { terminal.coloured($0, isGood: result.holds) }
            table.append([word, TextTable.Cell(result.check.rawValue), TextTable.Cell(result.message, fit: .wrapped)])
        }
        for warning in report.warnings {
            table.append(
                [
                    TextTable.Cell("note"), TextTable.Cell(warning.code.rawValue),
                    TextTable.Cell(warning.message, fit: .wrapped),
                ])
        }
        let (failed, all) = (report.results.count { !$0.holds }, report.results.count)
        let verdict =
            failed == 0
            ? all == 2 ? "both checks hold" : all == 1 ? "the check holds" : "all \(all) checks hold"
            : "\(failed) of \(counted(all, "check")) \(agreeing(failed, "fails", "fail"))"
        return table.lines(on: terminal) + [
            "\(TerminalText.escaped(name)): \(terminal.coloured(verdict, isGood: failed == 0))"
        ]
    }
}

private struct CheckObject: Encodable {
    let check: String
    let holds: Bool
    let message: String

    init(_ result: VerificationResult) {
        check = result.check.rawValue
        holds = result.holds
        message = result.message
    }
}

private struct WarningObject: Encodable {
    let code: String
    let message: String
    let remedy: String

    init(_ finding: CertificateFinding) {
        code = finding.code.rawValue
        message = finding.message
        remedy = finding.remedy
    }
}

private struct RevocationObject: Encodable {
    let revocation: Revocation

    private enum CodingKeys: String, CodingKey {
        case subject, issuer, reason
        case serialNumber = "serial_number"
        case fingerprint = "fingerprint_sha256"
        case revokedAt = "revoked_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let certificate = revocation.certificate
        try container.encode(certificate.subject, forKey: .subject)
        try container.encode(certificate.issuer, forKey: .issuer)
        try container.encode(certificate.serialNumber.description, forKey: .serialNumber)
        try container.encode(certificate.fingerprint.description, forKey: .fingerprint)
        try container.encode(revocation.revokedAt, forKey: .revokedAt)
        try container.encode(revocation.reason.map { "\($0)" }, forKey: .reason)
    }
}
