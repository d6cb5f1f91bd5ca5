import Certificates
import Subprocess

/// Runs a command and returns its standard output.
package struct CommandFetcher: Sendable {
    /// The same limit as for files.
    private static let outputLimit = 8 << 20
    /// The limit for standard error, of which only the first line is reported. A command that writes more fails.
    private static let complaintLimit = 1 << 20

    package init() {}

    /// Runs the command of `source` until it ends or its time-out expires. Then the command and its children are
    /// killed.
    package func fetch(_ source: CommandSource) async -> Fetched {
        await withTaskGroup(of: Fetched?.self) { group in
            group.addTask { await run(source.command) }
            group.addTask {
                // The task is cancelled when the command ends first.
                try? await Task.sleep(for: .seconds(source.timeout.seconds))
                return Task.isCancelled
                    ? nil : .failed(Defect(.readFailed, "it was not done after \(source.timeout) and was killed"))
            }
            // The first result wins. Cancelling the other task ends the command or the clock.
            for await result in group {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            return .failed(Defect(.readFailed, "it was called off"))
        }
    }

    private func run(_ command: [String]) async -> Fetched? {
        guard let program = command.first else { return .failed(Defect(.notFound, "there is no command")) }
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(.init(program)) : .name(program),
                arguments: Arguments(Array(command.dropFirst())), platformOptions: Self.ownGroup,
                input: .none, output: .bytes(limit: Self.outputLimit), error: .string(limit: Self.complaintLimit))
            guard case .exited(0) = result.terminationStatus else {
                return .failed(Defect(.readFailed, Self.complaint(result.terminationStatus, result.standardError)))
            }
            return .content(result.standardOutput, validator: nil)
        } catch is CancellationError {
            return nil
        } catch {
            return Task.isCancelled ? nil : .failed(Defect(.readFailed, "\(error)"))
        }
    }

    /// The command gets a process group of its own, so that the processes that it started end with it.
    private static var ownGroup: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        return options
    }

    private static func complaint(_ status: TerminationStatus, _ text: String?) -> String {
        let first = (text ?? "").split(whereSeparator: \.isNewline).first.map { ": \($0.prefix(200))" } ?? ""
        return "it ended with \(status)\(first)"
    }
}
