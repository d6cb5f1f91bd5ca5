import ArgumentParser
import Certificates
import Delivery
import Logging
import Monitor
import ServiceLifecycle
import StatusServer

/// `notafter receive`
struct ReceiveCommand: AsyncParsableCommand {
    private static let ports = 0...65_535

    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract:
            "Receive messages on this machine, verify their signatures and print them: a receiver to try it out with.",
        discussion: """
            Listens on 127.0.0.1 alone until Ctrl-C, and stores nothing. A message whose signature is verified, or not checked \
            for want of a secret, is accepted (204). Any other is refused (401), which the sender reports.

            Example, with the configuration of `notafter init --webhook http://127.0.0.1:9797/`:
              notafter receive --secret-file ops.secret
            """)

    @Option(name: .long, help: ArgumentHelp("The port; 0 for any that is free.", valueName: "N"))
    var port = InitPlan.receiverPort

    @Option(
        name: .long,
        help: ArgumentHelp("Verify the signatures with this file, the receiver's `secret_file`.", valueName: "FILE"))
    var secretFile: String?

    @Option(name: .long, help: ArgumentHelp("End after so many messages.", valueName: "N"))
    var count: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard Self.ports.contains(port) else { throw ValidationError("--port is between 0 and 65535.") }
        guard count.map({ $0 > 0 }) ?? true else { throw ValidationError("--count is at least 1.") }
    }

    func run() async throws {
        // Read once here, so that a file that cannot be used is an error at the start.
        _ = try secrets()
        let logger = Logger(label: "notafter") { _ in SwiftLogNoOpLogHandler() }
        let (taken, report) = AsyncStream.makeStream(of: Void.self)
        let listener = MessageListener(port: port, logger: logger) { [self] delivery in
            let status = take(delivery)
            report.yield()
            return status
        }
        let services: [any Service] = [listener, Announcement(listener: listener, output: output)] + counting(taken)
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as PortError {
            StandardError.print("notafter: \(error)")
            throw ExitStatus.failure
        }
    }

    private func counting(_ taken: AsyncStream<Void>) -> [any Service] {
        count.map { [Countdown(messages: taken, count: $0)] } ?? []
    }

    /// Read for each message, since it may have been rotated.
    private func secrets() throws -> [SigningSecret] {
        guard let secretFile else { return [] }
        do throws(SigningSecretError) {
            return try SigningSecretFile.read(secretFile)
        } catch {
            StandardError.print("notafter: \(error)")
            throw ExitStatus.failure
        }
    }

    private func take(_ delivery: MessageListener.Delivery) -> Int {
        guard delivery.method == "POST" else { return 405 }
        let now = SystemTime().now
        let verdict =
            (try? secrets()).map {
                SignatureCheck($0).verdict(headers: delivery.headers, body: delivery.body, at: now)
            } ?? .refused("the file of the secret cannot be read")
        let message = ReceivedMessage(delivery, verdict, at: now)
        if output.json {
            if let line = try? JSONText.of(message) { print(line) }
        } else {
            output.terminal.show(message.lines(on: output.terminal))
        }
        // A reader of a pipe sees each message at once. What cannot be written is reported at the end.
        try? StandardOutput.flush()
        if case .refused = verdict { return 401 }
        return 204
    }
}

/// Says where the listener is, once it is.
private struct Announcement: Service {
    let listener: MessageListener
    let output: OutputOptions

    func run() async throws {
        let port = await cancelWhenGracefulShutdown { await listener.waitUntilListening() }
        if let port, !output.quiet {
            StandardError.print("listening on http://127.0.0.1:\(port)/ until Ctrl-C")
        }
        try? await gracefulShutdown()
    }
}

/// Ends the group after so many messages.
private struct Countdown: Service {
    let messages: AsyncStream<Void>
    let count: Int

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var remaining = count
            for await _ in messages {
                remaining -= 1
                if remaining == 0 { return }
            }
        }
    }
}
