import CSpawn
import Glibc
import Synchronization

/// A child process. It replaces Foundation's `Process`, whose search for open descriptors sometimes reads past its
/// buffer, which crashed tests with many open descriptors.
package final class SpawnedProcess: Sendable {
    /// The target of a standard stream of the child.
    package enum Stream: Sendable {
        case null
        case descriptor(Int32)
        /// A file, which is created or truncated for writing.
        case file(String)
    }

    package let id: pid_t
    /// The exit status, after the first call of `wait`.
    private let ended = Mutex<Int32?>(nil)

    /// Starts `command`, whose first element is a path.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments.
    ///   - environment: the complete environment; nil for ours.
    ///   - directory: its working directory; nil for ours.
    ///   - input: its standard input.
    ///   - output: its standard output.
    ///   - errors: its standard error.
    /// - Throws: `SpawnFailed`.
    package init(
        _ command: [String], environment: [String: String]? = nil, directory: String? = nil, input: Stream = .null,
        output: Stream = .null, errors: Stream = .null
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (stream, target) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            switch stream {
            case .null: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, target)
            case .file(let path):
                let mode = target == STDIN_FILENO ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
                posix_spawn_file_actions_addopen(&actions, target, path, mode, 0o600)
            }
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        var attributes = Self.cleanSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        var process = pid_t()
        let code = Self.withCStrings(command) { arguments in
            guard let environment else {
                return posix_spawn(&process, command[0], &actions, &attributes, arguments, environ)
            }
            return Self.withCStrings(environment.map { "\($0)=\($1)" }) {
                posix_spawn(&process, command[0], &actions, &attributes, arguments, $0)
            }
        }
        guard code == 0 else { throw SpawnFailed(command: command, reason: String(cString: strerror(code))) }
        id = process
    }

    /// Waits for the end of the process and blocks the thread.
    ///
    /// - Returns: the exit status; 128 plus the number of the signal when a signal ended the process, as in shells.
    @discardableResult
    package func wait() -> Int32 {
        // WNOWAIT leaves the process unreaped, so that concurrent callers get the same result.
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            let result = signal == 0 ? status >> 8 & 0xFF : 128 + signal
            ended = result
            return result
        }
    }

    package var isRunning: Bool {
        ended.withLock { ended in
            var information = siginfo_t()
            return ended == nil
                && !(waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT | WNOHANG) == 0
                    && information._sifields._sigchld.si_pid == id)
        }
    }

    /// Sends a signal, unless the process has ended and was reaped.
    package func signal(_ number: Int32) {
        ended.withLock { if $0 == nil { _ = kill(id, number) } }
    }

    /// This process ignores SIGPIPE and may block other signals. A child starts with the defaults, as from a shell.
    private static func cleanSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        var pipe = none
        sigaddset(&pipe, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &pipe)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}

/// A process could not be started.
package struct SpawnFailed: Error, CustomStringConvertible {
    let command: [String]
    let reason: String

    package var description: String { "\(command.joined(separator: " ")): \(reason)" }
}
