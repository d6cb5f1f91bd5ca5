import ArgumentParser
import Configuration
import CurlBinding

/// `notafter healthcheck`
struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask the daemon of this configuration whether it does its work, for containers and supervisors.",
        discussion: """
            Asks /-/healthy at the address of `listen`, which answers by the progress of passes. Exits 0 when the daemon \
            is healthy, and 1 when it is not, does not answer, or the configuration has no `listen`.
            """)

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Ask /-/ready instead: whether the first pass has finished.")
    var ready = false

    func run() async throws {
        guard let listen = try files.settings().listen else {
            throw HealthcheckError("the configuration has no `listen`, so the daemon cannot be asked: docs/http.md")
        }
        let answer = try await TransferLoop().perform(listen.address.transfer(to: ready ? "/-/ready" : "/-/healthy"))
        guard let status = answer.status else {
            throw HealthcheckError("the daemon does not answer at \(listen.address): \(answer.message)")
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        let line = TerminalText.escaped(text.split(separator: "\n").first.map(String.init) ?? "")
        guard status == 200 else { throw HealthcheckError("HTTP \(status): \(line)") }
        if output.json {
            print(#"{"healthy": true}"#)
        } else if !output.quiet {
            print(line)
        }
    }
}

/// Why the daemon is not taken for healthy. The exit status is 1.
private struct HealthcheckError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ListenAddress {
    fileprivate func transfer(to path: String) -> Transfer {
        var transfer = Transfer(
            url: "http://\(self)\(path)", timeoutMilliseconds: 5_000, schemes: .httpsOrHTTP)
        if case .unixSocket(let socket) = self {
            transfer.url = "http://localhost\(path)"
            transfer.unixSocket = socket
        }
        return transfer
    }
}
