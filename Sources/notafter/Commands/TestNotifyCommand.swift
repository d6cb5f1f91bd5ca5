import ArgumentParser
import CurlBinding
import Delivery
import Monitor

/// `notafter test-notify`
struct TestNotifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-notify",
        abstract: "Send a test message to one receiver, or to all of them, and say whether it arrived.",
        discussion: "Exit status: 0 when all took it, else 1.")

    @Argument(help: "The receiver's name.")
    var receiver: String?

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    private struct Result: Encodable {
        let receiver: String
        let delivered: Bool
        let message: String?
    }

    func run() async throws {
        let receivers = try files.settings().receivers
        let chosen = receivers.filter { receiver == nil || $0.name == receiver }
        guard !chosen.isEmpty else {
            let names = receivers.map(\.name).joined(separator: ", ")
            throw ValidationError(
                receivers.isEmpty
                    ? "The configuration has no receivers." : "There is no such receiver; there are: \(names)")
        }
        let test = TestMessage(transfers: try TransferLoop(), time: times.time)
        var results: [Result] = []
        for receiver in chosen {
            results.append(await result(of: receiver, test))
        }
        try show(results)
        if results.contains(where: { !$0.delivered }) { throw ExitStatus.failure }
    }

    private func result(of receiver: ConfiguredReceiver, _ test: TestMessage) async -> Result {
        do {
            let problem = try await test.send(to: receiver)
            return Result(receiver: receiver.name, delivered: problem == nil, message: problem)
        } catch {
            return Result(receiver: receiver.name, delivered: false, message: "\(error)")
        }
    }

    private func show(_ results: [Result]) throws {
        if output.json {
            print(try JSONText.indented(["receivers": results]))
            return
        }
        for result in results {
            if let message = result.message {
                StandardError.print("\(result.receiver): not delivered: \(message)")
            } else if !output.quiet {
                print("\(result.receiver): delivered")
            }
        }
    }
}
