import Certificates
import Subprocess

/// Runs a command and takes what it prints.
package struct CommandFetcher: Sendable {
    /// As for files.
    private static let outputLimit = 8 << 20
    /// Of its complaints only the first line is told; more than this many bytes of them is a fault of its own.
    private static let complaintLimit = 1 << 20

    package init() {}

    /// Runs the command of `source` to its end, or to its time-out; then it and its children are killed.
    package func fetch(_ source: CommandSource) async -> Fetched {
        await withTaskGroup(of: Fetched?.self) { group in
            group.addTask { await run(source.command) }
            group.addTask {
                // Cancelled when the command is done.
                try? await Task.sleep(for: .seconds(source.timeout.seconds))
                return Task.isCancelled
                    ? nil : .failed(Defect(.readFailed, "it was not done after \(source.timeout) and was killed"))
            }
            // Whichever is first; the other is cancelled, which ends the command or the clock.
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

    /// A group of its own, so that what the command has started ends with it.
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
