import ArgumentParser
import CurlBinding
import Monitor
import Probing

/// `notafter probe`
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Probe endpoints now, with the client certificate and without it; nothing is recorded or sent.",
        discussion: "Exit status: 0 when every verdict is good, else 1.")

    @Argument(help: "The name or the URL of an endpoint of the configuration; without one, all of them.")
    var endpoint: String?

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let endpoints = try files.settings().endpoints
        let chosen = endpoints.filter { endpoint == nil || $0.name == endpoint || $0.url == endpoint }
        guard !chosen.isEmpty else {
            let names = endpoints.map(\.name).joined(separator: ", ")
            throw ValidationError(
                endpoints.isEmpty
                    ? "The configuration has no endpoints." : "There is no such endpoint; there are: \(names)")
        }
        let reports = await Prober(loop: try TransferLoop()).probe(chosen, at: times.time.now)
        if output.json {
            print(try JSONText.indented(["endpoints": reports]))
        } else {
            for report in reports where !output.quiet || !report.verdict.isGood {
                print(report.text(on: output.terminal))
            }
        }
        if reports.contains(where: { !$0.verdict.isGood }) { throw ExitStatus.failure }
    }
}

extension ProbeReport {
    /// Verdict, endpoint, what it means, and one line for each probe.
    func text(on terminal: Terminal) -> String {
        let word = terminal.coloured(verdict.rawValue.replacing("_", with: " "), isGood: verdict.isGood)
        var lines = ["\(word)  \(name)  \(TerminalText.escaped(url))"]
        for round in rounds { lines += round.lines }
        lines += forebodings.map { "  \($0.code.severity.rawValue)  \(TerminalText.escaped($0.message))" }
        return lines.joined(separator: "\n")
    }
}

extension ProbeRound {
    fileprivate var lines: [String] {
        let place = address.map { "\(TerminalText.escaped($0)): \(verdict.rawValue.replacing("_", with: " ")). " } ?? ""
        let own = positive.certificate == .none ? "without certificate " : "with certificate    "
        var lines = ["  \(place)\(TerminalText.escaped(explanation))", "  \(own) \(TerminalText.escaped(positive.text))"]
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
            outcome.rawValue.replacing("_", with: " "), status.map { "HTTP \($0)" },
            alert.map { "TLS alert \($0)" }, httpVersion, tlsVersion, "\(timings.total) ms", peerAddress,
            rayID.map { "ray \($0)" }, message,
        ]
        return facts.compactMap(\.self).joined(separator: ", ")
    }
}
