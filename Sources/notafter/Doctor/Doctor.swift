import Certificates
import Configuration
import CurlBinding
import Delivery
import Foundation
import LedgerStorage
import Monitor
import OpenSSLBinding
import TransportSecurity

/// Looks at all that notafter depends on, as the user that runs this process. It sends no message and changes nothing.
struct Doctor {
    private let settings: Settings
    private let configuration: String
    private let ledgerFile: String
    private let time: any TimeSource

    init(_ settings: Settings, configuration: String, ledgerFile: String?, time: any TimeSource) {
        self.settings = settings
        self.configuration = configuration
        self.ledgerFile = ledgerFile ?? settings.stateFile
        self.time = time
    }

    /// Makes all checks.
    ///
    /// - Throws: `OpenSSLError` when memory is short.
    func report() async throws -> DoctorReport {
        let ledger = await LedgerCheckup(ledgerFile).checks(at: time.now)
        let receivers = try await receiverChecks()
        return DoctorReport(
            checks: Self.machineChecks() + [clockCheck()] + (try fileChecks()) + ledger + receivers)
    }

    /// The checks that need no configuration.
    static func machineChecks() -> [DoctorCheck] {
        [userCheck(), libraryCheck(), descriptorCheck()]
    }

    // MARK: - This machine

    private static func userCheck() -> DoctorCheck {
        let name = LoginName.ofProcess
        guard getuid() == 0 else { return .ok("user", "this runs as \(name)") }
        return .warning(
            "user", "this runs as root, who may read and write what the service cannot",
            next: "Run it as the user of the service: sudo -u notafter notafter doctor --config FILE")
    }

    private static func libraryCheck() -> DoctorCheck {
        let curl = CurlVersion()
        let versions = "libcurl \(curl.text) with \(curl.tls ?? "no TLS"), OpenSSL \(OpenSSLVersion.text)"
        guard curl.tls?.hasPrefix("OpenSSL/") == true else {
            return .failure(
                "libraries", "\(versions): probes and deliveries need a libcurl that is built with OpenSSL",
                next: "Install libcurl4, which is built with OpenSSL, in place of the GnuTLS one.")
        }
        guard curl.hasHTTP2 else {
            return .warning(
                "libraries", "\(versions): this libcurl has no HTTP/2",
                next: "Install a libcurl with HTTP/2, or expect http_version \"1.1\" of endpoints.")
        }
        return .ok("libraries", "\(versions), HTTP/2")
    }

    private static func descriptorCheck() -> DoctorCheck {
        let limit = DescriptorLimit.hard
        let transfers = DescriptorLimit.transfers(withinLimit: limit)
        guard limit < 1_024 else {
            return .ok("descriptors", "up to \(limit) open files, for \(transfers) transfers at once")
        }
        return .warning(
            "descriptors",
            "at most \(limit) open files, so that only \(counted(transfers, "transfer")) can run at once",
            next: "Raise the limit: LimitNOFILE=4096 in the unit, or ulimit -Hn 4096.")
    }

    /// The earliest time that a right clock can show: that of the first version.
    private static let firstVersion = Instant(seconds: 1_767_225_600)

    private func clockCheck() -> DoctorCheck {
        let now = time.now
        guard now >= Self.firstVersion else {
            return .failure(
                "clock", "the clock says \(now), which is before this program was written",
                next: "Set the clock, and let a time service keep it: timedatectl set-ntp true")
        }
        let directory = "/run/systemd/timesync"
        let files = FileManager.default
        guard files.fileExists(atPath: directory), !files.fileExists(atPath: directory + "/synchronized") else {
            return .ok("clock", "\(now)")
        }
        return .warning(
            "clock", "\(now); systemd-timesyncd has not synchronised it since it started",
            next: "See timedatectl timesync-status: without a right clock every expiry is judged wrongly.")
    }

    // MARK: - Files

    private func fileChecks() throws -> [DoctorCheck] {
        var checks = settings.fileFindings(at: time.now).map { finding -> DoctorCheck in
            let (name, message) = (finding.problem.path, finding.problem.message)
            let next = Self.nextStep(for: finding)
            return finding.kind == .unusable ? .failure(name, message, next: next) : .warning(name, message, next: next)
        }
        for warning in try ConfigurationReview(of: settings).warnings where warning.key != "state" {
            checks.append(
                .warning(
                    warning.key, "\(warning.file) \(warning.clause)",
                    next: "Mend the file or what \(configuration) says of it; notafter config check shows both."))
        }
        guard checks.isEmpty else { return checks }
        let counts = [
            counted(settings.registrations.count, "registration"), counted(settings.endpoints.count, "endpoint"),
            counted(settings.receivers.count, "receiver"),
        ]
        return [
            .ok("configuration", "\(configuration): \(counts.joined(separator: ", "))"),
            .ok("files", "this user can read all files that it names, and each key belongs to its certificate"),
        ]
    }

    /// A credential of a unit is there only while the unit runs.
    private static func nextStep(for finding: FileFinding) -> String {
        if let match = finding.file.firstMatch(of: #/\/run\/credentials\/([^\/ ]+)/#) {
            return "Only \(match.1) sees its credentials: try it with systemd-run --unit=\(match.1) "
                + "-p LoadCredential=credentials:/etc/notafter/credentials notafter doctor"
        }
        return switch finding.kind {
        case .absent: "Make the file, or let this user read it: root:notafter, mode 0640."
        case .unusable: "Mend the file; what needs it fails until then."
        case .expired, .notYetValid: "Renew the certificate, or mend the clock."
        case .exposed: "chmod 600, or 640 with a group of the service's own."
        }
    }

    // MARK: - Receivers

    private func receiverChecks() async throws -> [DoctorCheck] {
        guard !settings.receivers.isEmpty else {
            return [
                .warning(
                    "receivers", "no receiver is configured: no notice is sent",
                    next: "Add one, and route: { receivers: [NAME] }; docs/receivers.md has the kinds.")
            ]
        }
        let check = ReachabilityCheck(transfers: try TransferLoop(), at: time.now)
        return await withTaskGroup(of: (Int, DoctorCheck).self) { group in
            for (index, receiver) in settings.receivers.enumerated() {
                group.addTask { (index, Self.check(receiver.name, await check.outcome(for: receiver))) }
            }
            var checks: [(Int, DoctorCheck)] = []
            for await check in group { checks.append(check) }
            return checks.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func check(_ name: String, _ outcome: ReachabilityCheck.Outcome) -> DoctorCheck {
        let name = "receivers.\(name)"
        return switch outcome {
        case .reached(let address): .ok(name, "reached\(address.map { " at \($0)" } ?? ""); no message was sent")
        case .notNeeded: .ok(name, "a command, which was not run")
        case .failed(let reason):
            .failure(
                name, "cannot be reached: \(reason)",
                next: "Look at the name, the network and the certificates of its tls_config; then notafter test-notify."
            )
        }
    }
}
