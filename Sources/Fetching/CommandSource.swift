import Certificates

/// A registration whose certificates a command prints, in any supported format: what Vault, ACM and Key Vault need no SDK for.
package struct CommandSource: Hashable, Sendable {
    /// The registration's name.
    package let registration: String
    /// The program, by its path or a name in `$PATH`, and its arguments. No shell reads them.
    package let command: [String]
    package let timeout: TimeSpan

    package init(registration: String, command: [String], timeout: TimeSpan) {
        self.registration = registration
        self.command = command
        self.timeout = timeout
    }

    /// The command as people write it, to name the place; not for a shell.
    package var place: String { "exec " + command.joined(separator: " ") }
}
