import ArgumentParser
import CurlBinding
import LedgerStorage
import Monitor
import Probing
import TransportSecurity

/// `notafter probe`
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Probe endpoints now, with the client certificate and without it; nothing is recorded or sent.",
        discussion: """
            A URL with --cert, --key or --cacert needs no configuration. Exit status: 0 when every verdict is good, else 1.
            """)

    @Argument(help: "The name or the URL of an endpoint of the configuration, or any URL; without one, all of them.")
    var endpoint: String?

    @Flag(
        name: .long,
        help: "Explain what was sent, asked and answered, what it means, who can fix it, and how other tools show it.")
    var explain = false

    @Flag(
        name: .long,
        help: "Probe nothing: show what passes found at this endpoint, by round and hour, and how long it took.")
    var history = false

    @OptionGroup(title: "Probing a URL") var client: ProbeClientOptions
    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard history else { return }
        guard endpoint != nil else { throw ValidationError("--history is of one endpoint: name it.") }
        guard !client.isGiven, !explain else {
            throw ValidationError("--history shows what was recorded; options for probing do not go with it.")
        }
    }

    func run() async throws {
        if history { return try await showHistory() }
        let chosen = try endpoints()
        let prober = Prober(loop: try TransferLoop())
        let reports = await output.progress.during { progress in
            progress.begin(.probing)
            progress.expect(chosen.count)
            return await prober.probe(chosen, at: times.time.now) { progress.advance() }
        }
        if output.json {
            print(try JSONText.indented(["endpoints": reports]))
        } else {
            for report in reports where !output.quiet || !report.verdict.isGood {
                output.terminal.show(lines(of: report, among: chosen))
            }
        }
        if reports.contains(where: { !$0.verdict.isGood }) { throw ExitStatus.failure }
    }

    private func showHistory() async throws {
        let settings = try files.settings()
        let ledger = try files.ledgerToRead(of: settings)
        var listings: [HistoryListing] = []
        for endpoint in try endpoints() {
            let history = try await ledger.history(of: endpoint.name)
            if !history.hours.isEmpty { listings.append(HistoryListing(endpoint: endpoint.name, history: history)) }
        }
        guard !listings.isEmpty else {
            StandardError.print("no round of it is recorded yet: `notafter scan` makes one, and `notafter run` many")
            throw ExitStatus.failure
        }
        if output.json {
            print(try JSONText.indented(["endpoints": listings]))
        } else {
            output.terminal.show(listings.flatMap { $0.lines(on: output.terminal) })
        }
    }

    private func lines(of report: ProbeReport, among endpoints: [Endpoint]) -> [String] {
        guard explain, let endpoint = endpoints.first(where: { $0.name == report.name && $0.url == report.url }) else {
            return report.lines(on: output.terminal)
        }
        return ProbeExplanation(endpoint: endpoint, report: report).lines(on: output.terminal)
    }

    /// The endpoints of the configuration that the arguments name, or only the given URL.
    private func endpoints() throws -> [Endpoint] {
        if let url = endpoint, url.contains("://"), client.isGiven || !files.isThere {
            return [try client.endpoint(at: url)]
        }
        guard !client.isGiven else {
            throw ValidationError("--cert, --key, --cacert, --server-name and --resolve belong to a URL: name one.")
        }
        let endpoints = try files.settings().endpoints
        let chosen = endpoints.filter { endpoint == nil || $0.name == endpoint || $0.url == endpoint }
        guard chosen.isEmpty else { return chosen }
        if let url = endpoint, url.contains("://") { return [try client.endpoint(at: url)] }
        let names = endpoints.map(\.name).joined(separator: ", ")
        throw ValidationError(
            endpoints.isEmpty
                ? "The configuration has no endpoints." : "There is no such endpoint; there are: \(names)")
    }
}

/// The options for probing a URL that is not in the configuration. Their names are curl's.
struct ProbeClientOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The client certificate, in PEM or PKCS #12.", valueName: "FILE"))
    var cert: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Its private key, where it is not in the same file; or the key's PKCS #11 URI.", valueName: "FILE|URI"))
    var key: String?

    @Option(name: .long, help: ArgumentHelp("Trust the CAs in this file, instead of the system's.", valueName: "FILE"))
    var cacert: String?

    @Option(name: .long, help: ArgumentHelp("The file whose first line is the key's passphrase.", valueName: "FILE"))
    var keyPassphraseFile: String?

    @Option(
        name: .long, help: ArgumentHelp("The name for SNI and verification, instead of the host.", valueName: "NAME")
    )
    var serverName: String?

    @Option(name: .long, help: ArgumentHelp("Connect to this address; may be given again.", valueName: "ADDRESS"))
    var resolve: [String] = []

    @Flag(name: .long, help: "Probe every address that the host's name leads to.")
    var allAddresses = false

    var isGiven: Bool {
        cert != nil || key != nil || cacert != nil || keyPassphraseFile != nil || serverName != nil || !resolve.isEmpty
            || allAddresses
    }

    /// - Throws: `ValidationError` for a URL that cannot be probed.
    func endpoint(at url: String) throws -> Endpoint {
        guard key == nil || cert != nil else { throw ValidationError("--key needs its --cert.") }
        let target: ProbeTarget
        do {
            target = try ProbeTarget(url: url)
        } catch {
            throw ValidationError("\(error)")
        }
        let files = TLSFiles(
            caFile: cacert, certFile: cert, keyFile: key, keyPassphraseFile: keyPassphraseFile, serverName: serverName)
        var endpoint = Endpoint(name: target.host.name, url: url, tls: files)
        endpoint.addresses = resolve
        endpoint.probesAllAddresses = allAddresses
        endpoint.expectation.statuses = target.kind == .https ? .success : target.kind.admittedStatuses
        return endpoint
    }
}

extension ProbeReport {
    /// The verdict, the endpoint, the meaning, and one line for each probe.
    func lines(on terminal: Terminal) -> [String] {
        let word = terminal.coloured(verdict.rawValue.replacing("_", with: " "), isGood: verdict.isGood)
        var lines = ["\(word)  \(name)  \(TerminalText.escaped(url))"]
        for round in rounds { lines += round.lines }
        lines += predictedFindings.map { "  \($0.code.severity.rawValue)  \(TerminalText.escaped($0.message))" }
        return lines
    }
}

extension ProbeRound {
    fileprivate var lines: [String] {
        let place = address.map { "\(TerminalText.escaped($0)): \(verdict.rawValue.replacing("_", with: " ")). " } ?? ""
        let own = positive.certificate == .none ? "without certificate " : "with certificate    "
        var lines = [
            "  \(place)\(TerminalText.escaped(explanation))", "  \(own) \(TerminalText.escaped(positive.text))",
        ]
        if let negative {
            lines.append("  without certificate  \(TerminalText.escaped(negative.text))")
        }
        lines += wrong.map { "  with \($0.name)  \(TerminalText.escaped($0.result.text))" }
        return lines
    }
}

extension ProbeResult {
    fileprivate var text: String {
        let facts = [
            outcome.label, status.map { "HTTP \($0)" },
            alert.map { "TLS alert \($0)" }, httpVersion, tlsVersion, "\(timings.total) ms", peerAddress,
            rayID.map { "ray \($0)" }, message,
        ]
        return facts.compactMap(\.self).joined(separator: ", ")
    }
}
