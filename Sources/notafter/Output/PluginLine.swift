import Certificates
import ExpiryRules

/// The first line of `check --nagios`, as the guidelines of monitoring plugins have it: the state, what is worst, and
/// performance data.
struct PluginLine {
    private let report: CheckReport
    private let limits: CheckedPlaces.Limits?
    private let now: Instant

    /// `limits` are those of all certificates; nil where registrations have their own.
    init(_ report: CheckReport, limits: CheckedPlaces.Limits?, at now: Instant) {
        self.report = report
        self.limits = limits
        self.now = now
    }

    /// `CRITICAL - CN=a 2 days ago, …; 4 certificates: … | 'days_left'=-2;30:;14: 'certificates'=4;;;0 …`
    var text: String {
        let worst = report.status == .ok ? nil : report.table.worst ?? report.defects.first?.message
        let message = [worst.map(TerminalText.escaped), report.summary.text].compactMap(\.self).joined(separator: "; ")
        let data = ([daysLeft].compactMap(\.self) + counts).joined(separator: " ")
        return "\(report.status.word) - \(PluginText.harmless(message)) | \(data)"
    }

    /// Whole days, rounded down: what has just expired has -1.
    private var daysLeft: String? {
        report.summary.soonest.map { soonest in
            let seconds = (soonest - now).seconds
            let days = seconds / 86_400 - (seconds % 86_400 < 0 ? 1 : 0)
            return "'days_left'=\(days);\(range(limits?.warning));\(range(limits?.critical))"
        }
    }

    /// An alert below so many days; nothing for a share of each lifetime.
    private func range(_ threshold: Threshold?) -> String {
        guard case .span(let span) = threshold?.distance else { return "" }
        return "\(span.seconds / 86_400):"
    }

    private var counts: [String] {
        let states = CertificateState.allCases.map { ($0.rawValue, report.summary.distinctCount(of: $0)) }
        let others = [("unreadable", report.summary.defects), ("findings", report.summary.findings)]
        return (states + others).map { "'\($0)'=\($1);;;0" }
    }
}
