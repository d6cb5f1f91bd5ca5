import ArgumentParser
import Certificates
import CertificateDecoding
import Discovery
import FileReading
import Scanning

/// `notafter discover`
struct DiscoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Draft a configuration from those of nginx, Apache, HAProxy, PostgreSQL, Envoy and kubectl.",
        discussion: """
            Without a file, the well-known places are looked at: for configurations first, then for certificates that none \
            of them names. Prints YAML for review, with comments that say where each certificate is named. A certificate that a \
            configuration names in a way that is not understood is a warning. Reads files alone, and makes no connection. Exit status: 0, or 1 when nothing was found or the file could not be written.

            Examples:
              notafter discover
              notafter discover /etc/nginx/nginx.conf --write conf.d/nginx.yaml
            """)

    @Argument(help: "The main files of servers' configurations; without any, those in the well-known places.")
    var paths: [String] = []

    @Option(name: .long, help: ArgumentHelp("Write to this new file instead of printing.", valueName: "FILE"))
    var write: String?

    @Option(
        help: ArgumentHelp(
            "Take this directory, such as a mounted image, for the system's root, also of includes, paths and links.",
            valueName: "DIRECTORY"))
    var root: String?

    @Flag(name: .shortAndLong, help: "Do not say what may be missing.")
    var quiet = false

    func validate() throws {
        guard root == nil || paths.isEmpty else { throw ValidationError("Name files or --root, not both.") }
    }

    /// Absolute, without a final slash.
    private var rootPath: String {
        guard let root else { return "" }
        let path = BaseDirectory.working.absolute(root)
        return path == "/" ? "" : path
    }

    func run() throws {
        let decoder = try CertificateDecoder()
        let inventory =
            paths.isEmpty
            ? Inventory.ofSystem(below: SystemRoot(rootPath), decoder: decoder)
            : Inventory(of: paths, decoder: decoder)
        let draft = ConfigurationDraft(inventory, decoder: decoder)
        if !quiet {
            for warning in draft.warnings { StandardError.print("notafter: \(warning)") }
        }
        guard draft.registrationCount > 0 else {
            StandardError.print("notafter: found no certificate to register")
            throw ExitStatus.failure
        }
        guard let write else {
            print(draft.text, terminator: "")
            return
        }
        do throws(NewFile.Failure) {
            try NewFile.write(Array(draft.text.utf8), to: write)
        } catch {
            StandardError.print("notafter: \(write) \(error.clause)")
            throw ExitStatus.failure
        }
        print("\(TerminalText.escaped(write)): \(counted(draft.registrationCount, "registration")) to review")
    }
}
