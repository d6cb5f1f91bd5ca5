import ArgumentParser
import CertificateDecoding
import Certificates
import Configuration
import CurlBinding
import Delivery
import ExpiryRules
import FileReading
import Monitor

/// `notafter test-notify`
struct TestNotifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-notify",
        abstract: "Send a test message to some receivers, or to all of them, and say whether it arrived.",
        discussion: """
            With --preview nothing is sent: it shows the message that each receiver would get about a certificate that expires, \
            an invented one or that of --certificate, with its templates and within its limits.

            Exit status: 0 when all took it, else 1.

            Examples:
              notafter test-notify oncall
              notafter test-notify --preview --certificate pki/ca.pem chat
            """)

    private static let byteLimit = 8 << 20

    @Argument(help: "The receivers' names.")
    var receivers: [String] = []

    @Flag(help: "Show the message for each receiver, and send nothing.")
    var preview = false

    @Option(help: ArgumentHelp("The certificate of the preview.", valueName: "file"))
    var certificate: String?

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    private struct Result: Encodable {
        let receiver: String
        let delivered: Bool
        let message: String?
    }

    func validate() throws {
        if certificate != nil, !preview { throw ValidationError("--certificate belongs to --preview.") }
    }

    func run() async throws {
        let settings = try files.settings()
        let chosen = try chosen(of: settings.receivers)
        if preview {
            try show(try previews(chosen, settings))
            return
        }
        let test = TestMessage(transfers: try TransferLoop(), time: times.time)
        var results: [Result] = []
        for receiver in chosen {
            results.append(await result(of: receiver, test))
        }
        try show(results)
        if results.contains(where: { !$0.delivered }) { throw ExitStatus.failure }
    }

    private func chosen(of all: [ConfiguredReceiver]) throws -> [ConfiguredReceiver] {
        let names = all.map(\.name)
        let unknown = receivers.filter { !names.contains($0) }
        guard !all.isEmpty, unknown.isEmpty else {
            throw ValidationError(
                all.isEmpty
                    ? "The configuration has no receivers."
                    : "There is no such receiver; there are: \(names.joined(separator: ", "))")
        }
        return receivers.isEmpty ? all : all.filter { receivers.contains($0.name) }
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

    // MARK: Preview

    private func previews(_ chosen: [ConfiguredReceiver], _ settings: Settings) throws -> [MessagePreview] {
        let now = times.time.now
        let subject = try certificate.map(Self.firstCertificate) ?? MessagePreview.sampleCertificate(at: now)
        guard let subject else { throw ValidationError("\(certificate ?? "") holds no certificate.") }
        // The registration that such a certificate most likely belongs to, for its owner and remedy.
        let role: Role = subject.isCA ? .ca : .client
        let registration =
            certificate.flatMap { _ in settings.registrations.first { $0.role == role } }
            ?? MessagePreview.sampleRegistration
        let facts = MessagePreview.facts(
            of: subject, at: .file(FilePath(certificate ?? "/etc/pki/example.pem"), index: 0),
            registration: registration, now: now)
        return try chosen.map { try MessagePreview($0, of: facts, registration: registration) }
    }

    private static func firstCertificate(in path: String) throws -> Certificate? {
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(path, limit: byteLimit)
        } catch {
            throw ValidationError("\(path) \(error.clause).")
        }
        return try CertificateDecoder().bundle(bytes).certificates.first
    }

    private func show(_ previews: [MessagePreview]) throws {
        if output.json {
            print(try JSONText.indented(["receivers": previews]))
            return
        }
        for preview in previews {
            print("\(preview.receiver) (\(preview.kind))")
            for part in [preview.title, preview.text, preview.body] {
                for line in part.split(separator: "\n", omittingEmptySubsequences: false) {
                    print("  \(TerminalText.escaped(String(line)))")
                }
                print("")
            }
        }
    }
}
