import Certificates
import ExpiryRules

/// Certificates whose lives are shorter than what is watched for suits: for a look without memory, one finding of each
/// registration, as the ledger has them.
struct MisfitReport {
    /// What is told of a registration: the first that was seen, and how many there are.
    private struct Case {
        let example: String
        var count: Int
    }

    private var cases: [String: Case] = [:]

    /// `thresholds` are what `object` is judged by; `registration` is nil for what somebody names on the command line.
    mutating func look(at object: WatchedObject, by thresholds: [Threshold], of registration: Registration?) {
        guard let misfit = ThresholdMisfit(thresholds, validity: object.validity) else { return }
        let name = object.certificate?.subject ?? object.revocationList?.issuer ?? ""
        cases[registration?.name ?? "", default: Case(example: "\"\(name)\": \(misfit.explanation)", count: 0)].count +=
            1
    }

    /// In the order of the registrations' names.
    var findings: [StandingFinding] {
        cases.sorted { $0.key < $1.key }.map { registration, found in
            let code = FindingCode.thresholdTooWide
            let more = found.count > 1 ? "; and \(found.count - 1) more" : ""
            let remedy =
                registration.isEmpty ? "Ask for a share, such as -w 33% -c 10%." : code.remedy
            return StandingFinding(
                Finding(
                    registration: registration.isEmpty ? "check" : registration, code: code, place: registration,
                    severity: code.severity, message: "\(found.example)\(more). \(remedy)"))
        }
    }
}
