import ArgumentParser
import CertificateDecoding
import Certificates
import ExpiryRules
import FileReading
import LedgerStorage
import Monitor

/// `notafter explain`
struct ExplainCommand: AsyncParsableCommand {
    /// If more objects match, only their names are printed.
    private static let limit = 20

    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain why a notice was sent or not: facts, decisions, deliveries, attempts and what comes next.",
        discussion: "Exit status: 0; 1 when the ledger knows nothing of that name.")

    @Argument(
        help: ArgumentHelp(
            "The start of a fingerprint (4 digits or more), a file, a part of a subject or name, or an endpoint's name.",
            valueName: "CERT|ENDPOINT"))
    var name: String

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try files.settings()
        let ledger = try files.ledgerToRead(of: settings)
        let plan = WatchPlan(registrations: settings.registrations, route: settings.route)
        let explainer = Explainer(ledger: ledger, plan: plan, now: times.time.now)

        var fingerprints = try fingerprintsInFile()
        let endpoint = try await explainer.endpoint(name)
        if fingerprints.isEmpty, endpoint == nil {
            fingerprints = try await ledger.fingerprints(matching: name, limit: Self.limit)
        }
        var lives: [ExplainedLife] = []
        for fingerprint in fingerprints { try await explainer.life(fingerprint).map { lives.append($0) } }
        guard endpoint != nil || !lives.isEmpty else {
            StandardError.print(
                """
                the ledger knows nothing of \(TerminalText.escaped(name)): `notafter list` shows what is watched, and \
                `notafter scan` looks anew
                """)
            throw ExitStatus.failure
        }
        if output.json {
            print(try JSONText.indented(Explanation(certificates: lives, endpoint: endpoint)))
        } else {
            let terminal = output.terminal
            let paragraphs = [endpoint?.lines].compactMap(\.self) + lives.map { $0.lines(on: terminal) }
            let texts = paragraphs.map { terminal.fitted($0.map(TerminalText.escaped)).joined(separator: "\n") }
            print(texts.joined(separator: "\n\n"))
        }
    }

    /// The fingerprints in a file of that name; empty if there is no such file or it cannot be decoded.
    private func fingerprintsInFile() throws -> [Fingerprint] {
        guard let bytes = try? RegularFile.read(name, limit: 8 << 20) else { return [] }
        return try CertificateDecoder().decode(bytes.span).entries.map(\.fingerprint)
    }
}

/// All objects that match one name, in JSON.
private struct Explanation: Encodable {
    let certificates: [ExplainedLife]
    let endpoint: ExplainedEndpoint?
}
