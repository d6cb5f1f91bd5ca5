import Certificates
import Messages
import Subprocess

/// A command that is run for each message, with the facts in its environment and the native JSON on its standard input.
/// It runs without a shell.
package struct ExecReceiver: Receiver {
    /// The statuses of sysexits(3) that stay the same on a retry: all but 75, "try again later".
    private static let permanentStatuses = Set<Int32>(64...78).subtracting([75])
    private static let outputLimit = 65_536
    /// The kernel limits the environment as a whole, and scripts do not need longer values.
    private static let valueLimit = 4_000

    private let command: [String]
    private let timeout: TimeSpan

    package static let grouping = Grouping.never
    package static let keys: [SettingKey] = [
        .required("command", .command), .optional("timeout", .span(TimeSpan(seconds: 1)...TimeSpan(seconds: 300))),
    ]

    package init?(_ settings: ReceiverSettings) {
        guard let command = settings.list("command") else { return nil }
        self.command = command
        timeout = TimeSpan(seconds: Int64(settings.number("timeout") ?? 30))
    }

    package var longestAttempt: TimeSpan { timeout }

    package func body(for message: Message) throws -> [UInt8] {
        let environment = Self.environment(of: message).mapValues { LengthUnit.bytes.fitted($0, Self.valueLimit) }
        return try FrozenEnvelope(fields: environment, content: try NativeMessage.encoded(message)).frozen()
    }

    /// A missing fact is an empty variable, so that a script can use every variable.
    static func environment(of message: Message) -> [String: String] {
        let facts = message.facts
        return [
            "NOTAFTER_ID": message.id,
            "NOTAFTER_TYPE": message.type.rawValue,
            "NOTAFTER_STATUS": message.status,
            "NOTAFTER_SEVERITY": message.severity.rawValue,
            "NOTAFTER_RECEIVER": message.receiver,
            "NOTAFTER_TITLE": message.title,
            "NOTAFTER_TEXT": message.text,
            "NOTAFTER_REGISTRATION": facts?.registration ?? "",
            "NOTAFTER_ROLE": message.registration?.role.rawValue ?? "",
            "NOTAFTER_OWNER": message.registration?.owner ?? "",
            "NOTAFTER_SUBJECT": facts?.certificate.map { Markup.plain.escaped($0.name) } ?? "",
            "NOTAFTER_ISSUER": facts?.certificate.map { Markup.plain.escaped($0.issuer) } ?? "",
            "NOTAFTER_SERIAL": facts?.certificate?.serialNumber.description ?? "",
            "NOTAFTER_SHA256": facts?.certificate?.fingerprint.description ?? "",
            "NOTAFTER_NOT_AFTER": facts?.expiry?.description ?? "",
            "NOTAFTER_STAGE": facts?.stage?.description ?? "",
            "NOTAFTER_LOCATION": facts?.locations.first.map { Markup.plain.escaped($0.description) } ?? "",
            "NOTAFTER_INCIDENT": (message.incident.ongoing ?? message.incident.over.last)?.key ?? "",
        ]
    }

    package func send(_ attempt: Attempt, through sender: HTTPSender) async throws -> AttemptResult {
        let envelope = try FrozenEnvelope(frozen: attempt.body)
        var environment = envelope.fields
        environment["NOTAFTER_ATTEMPT"] = String(attempt.number)
        environment["NOTAFTER_POSSIBLE_DUPLICATE"] = attempt.mayBeDuplicate ? "1" : "0"
        return await withTaskGroup(of: AttemptResult?.self) { [environment] group in
            group.addTask { await run(environment, input: envelope.content) }
            group.addTask {
                // Cancelled when the command ends first.
                try? await Task.sleep(for: .seconds(timeout.seconds))
                return Task.isCancelled
                    ? nil
                    : AttemptResult(
                        .unknown, .again(.messageFailed),
                        "the command was not done after \(timeout) and was killed")
            }
            // The first result wins. Cancelling the group kills the command or stops the timer.
            for await result in group {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            return AttemptResult(.unknown, .again(.calledOff), "the command was called off")
        }
    }

    /// Ignores write errors: a command need not read its input.
    private struct Input: InputProtocol {
        let bytes: [UInt8]

        func write(with writer: StandardInputWriter) async throws {
            _ = try? await writer.write(bytes)
        }
    }

    private func run(_ environment: [String: String], input: [UInt8]) async -> AttemptResult? {
        guard let program = command.first else { return AttemptResult(.notSent, .park, "there is no command") }
        do {
            let variables = environment.map { (Environment.Key(stringLiteral: $0), Optional($1)) }
            let result = try await Subprocess.run(
                program.contains("/") ? .path(.init(program)) : .name(program),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .inherit.updating(Dictionary(variables) { first, _ in first }),
                platformOptions: Self.ownGroup, input: Input(bytes: input), output: .discarded,
                error: .string(limit: Self.outputLimit))
            return Self.verdict(result.terminationStatus, said: result.standardError)
        } catch is CancellationError {
            return nil
        } catch {
            return Task.isCancelled
                ? nil : AttemptResult(.notSent, .again(.unreachable), "the command could not be run: \(error)")
        }
    }

    static func verdict(_ status: TerminationStatus, said: String) -> AttemptResult {
        let first = said.split(whereSeparator: \.isNewline).first.map { ": \($0.prefix(200))" } ?? ""
        switch status {
        case .exited(0):
            return AttemptResult(.delivered, .done, "exit status 0")
        case .exited(let code) where permanentStatuses.contains(code):
            return AttemptResult(.rejected, .park, "exit status \(code)\(first)")
        case .exited(let code):
            return AttemptResult(.rejected, .again(.messageFailed), "exit status \(code)\(first)")
        case .signaled(let signal):
            return AttemptResult(.unknown, .again(.messageFailed), "killed by signal \(signal)\(first)")
        }
    }

    /// A process group of its own, so that killing the command also kills its child processes.
    private static var ownGroup: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        return options
    }
}
