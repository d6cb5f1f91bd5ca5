import Certificates
import Foundation

/// One thing that `doctor` looked at.
struct DoctorCheck: Encodable {
    /// What was found.
    enum State: String, Encodable {
        case ok
        case warning
        case failure

        var status: NagiosStatus {
            switch self {
            case .ok: .ok
            case .warning: .warning
            case .failure: .critical
            }
        }
    }

    /// What was looked at: `clock`, `ledger`, `receivers.ops`.
    let name: String
    let state: State
    /// What was found, in one sentence.
    let message: String
    /// What to do about it; nil where there is nothing to do.
    let next: String?

    static func ok(_ name: String, _ message: String) -> DoctorCheck {
        DoctorCheck(name: name, state: .ok, message: message, next: nil)
    }

    static func warning(_ name: String, _ message: String, next: String) -> DoctorCheck {
        DoctorCheck(name: name, state: .warning, message: message, next: next)
    }

    static func failure(_ name: String, _ message: String, next: String) -> DoctorCheck {
        DoctorCheck(name: name, state: .failure, message: message, next: next)
    }
}

/// What `doctor` found.
struct DoctorReport: Encodable {
    let checks: [DoctorCheck]

    private enum CodingKeys: String, CodingKey {
        case status, checks
    }

    var status: NagiosStatus { .worst(checks.map(\.state.status)) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(status.word.lowercased(), forKey: .status)
        try container.encode(checks, forKey: .checks)
    }

    /// One line a check, and below it the next step.
    func lines(on terminal: Terminal, quiet: Bool) -> [String] {
        let shown = quiet ? checks.filter { $0.state != .ok } : checks
        var table = TextTable()
        for check in shown {
            table.append([
                .init(check.state.rawValue) { terminal.coloured($0, isGood: check.state == .ok) },
                .start(of: check.name), .init(check.message, fit: .wrapped),
            ])
            if let next = check.next { table.append([.init(""), .init(""), .init(next, fit: .wrapped)]) }
        }
        return table.lines(on: terminal, indentedBy: 2)
    }

    /// `WARNING - 9 checks: 8 ok, 1 warning`
    var summary: String {
        let states: [DoctorCheck.State] = [.ok, .warning, .failure]
        let counts = states.compactMap { state in
            let count = checks.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }
        return "\(status.word) - \(counted(checks.count, "check")): \(counts.joined(separator: ", "))"
    }
}
