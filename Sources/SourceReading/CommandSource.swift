import Certificates

/// A registration whose certificates come from a command's output in any supported format. Vault, ACM and Key Vault are
/// read in this way, without their SDKs.
package struct CommandSource: Hashable, Sendable {
    /// The registration's name.
    package let registration: String
    /// The program and its arguments. The program is a path or a name in `$PATH`; no shell is involved.
    package let command: [String]
    package let timeout: TimeSpan

    package init(registration: String, command: [String], timeout: TimeSpan) {
        self.registration = registration
        self.command = command
        self.timeout = timeout
    }

    /// The command's words, joined by blanks. It names the place in messages and is not quoted for a shell.
    package var place: String { "exec " + command.joined(separator: " ") }
}
