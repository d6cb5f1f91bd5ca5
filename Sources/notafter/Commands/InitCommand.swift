import ArgumentParser
import CertificateDecoding
import Certificates
import Configuration
import Delivery
import Discovery
import FileReading
import Glibc
import Monitor
import Scanning
import TransportSecurity

/// `notafter init`
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first configuration and the secret that signs its messages, and say what to run next.",
        discussion: """
            Registers the certificates below --path; without one, those that `discover` finds on this machine. At a \
            terminal it asks for what is not given. It makes the secret with 32 random bytes, readable by its owner alone \
            (with /etc/notafter, by root and the service), and overwrites no file: a secret that is there is used. \
            The configuration that the Debian package installs is replaced while it is as shipped.

            Exit status: 0; 1 when the configuration exists already, cannot be written, or nothing was found to register.

            Examples:
              notafter init --path pki --webhook https://ops.example.com/hook
              notafter init --path pki --webhook http://127.0.0.1:9797/    # with `notafter receive`, to try it out
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("A file, directory or glob of certificates; may be repeated.", valueName: "PATH"))
    var path: [String] = []

    @Option(name: .long, help: ArgumentHelp("Where messages are sent.", valueName: "URL"))
    var webhook: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration to write. (default: notafter.yaml; for root \(ConfigurationOptions.defaultPath), while it is the package's)",
            valueName: "FILE"))
    var config: String?

    @Option(
        name: [.long, .customLong("ledger")],
        help: ArgumentHelp(
            "The ledger. (default: notafter.db beside the configuration; /var/lib/notafter for /etc/notafter)",
            valueName: "FILE"))
    var state: String?

    @Flag(name: .customLong("no-input"), help: "Ask nothing, even at a terminal.")
    var noInput = false

    @OptionGroup var output: OutputOptions

    private struct Result: Encodable {
        let configuration: String
        let secretFile: String?
        let registrations: Int
        let next: [String]

        enum CodingKeys: String, CodingKey {
            case configuration, registrations, next
            case secretFile = "secret_file"
        }
    }

    private var file: String {
        let ofPackage = ConfigurationOptions.defaultPath
        return config ?? (getuid() == 0 && ShippedConfiguration.isAt(ofPackage) ? ofPackage : "notafter.yaml")
    }

    private var directory: String { BaseDirectory(ofFile: file).path }
    private var asks: Bool { !noInput && !output.json && SetupDialogue.isPossible }

    func validate() throws {
        if let webhook { try Self.requireUsable(webhook) }
    }

    func run() async throws {
        try requireNew()
        let (places, count) = try places()
        let webhook = try address()
        let secret = SecretHome(besideConfigurationIn: directory)
        let defaults = ConfigurationOptions(config: nil, state: nil).defaultPaths
        let plan = InitPlan(
            InitPlan.Answers(
                configuration: file, isDefault: defaults.contains(file), state: state.map(spelled) ?? defaultState,
                places: places, webhook: webhook, secretFile: secret.file,
                user: secret.isOfService ? .service : .writer))
        let isNewSecret = try write(plan, secret)
        let next = plan.commands
        if output.json {
            let path = plan.needsSecret ? plan.secretPath : nil
            return print(
                try JSONText.indented(Result(configuration: file, secretFile: path, registrations: count, next: next)))
        }
        guard !output.quiet else { return }
        print(
            "\(TerminalText.escaped(file)): \(counted(count, "registration"))\(plan.needsSecret ? ", 1 receiver" : "")")
        if plan.needsSecret {
            let verdict = isNewSecret ? "a new secret; its receiver needs the same" : "was there already, and is used"
            print("\(TerminalText.escaped(plan.secretPath)): \(verdict)")
        }
        print("Next:")
        for command in next { print("  \(TerminalText.escaped(command))") }
    }

    private func fail(_ message: String) -> ExitStatus {
        StandardError.print("notafter: \(message)")
        return .failure
    }

    private func requireNew() throws {
        let isThere = PathText.withSystemPath(file, { access($0, F_OK) }) == 0
        guard !isThere || ShippedConfiguration.isAt(file) else {
            throw fail("\(file) exists already and is left as it is: remove it, or name another with --config")
        }
    }

    // MARK: - What to register

    private func places() throws -> (InitPlan.Places, Int) {
        if path.isEmpty, let draft = try draft() { return draft }
        var paths = path
        if paths.isEmpty, asks,
            let answer = SetupDialogue().answer("Certificates (file, directory or glob)", default: nil)
        {
            paths = [answer]
        }
        guard !paths.isEmpty else {
            throw fail("found no certificate on this machine: name a file, a directory or a glob with --path")
        }
        let found = try FoundPlaces(below: paths, spelling: spelled, at: SystemTime().now)
        if !output.quiet { for defect in found.defects { StandardError.print("notafter: warning: \(defect)") } }
        guard !found.entries.isEmpty else { throw fail("there is no certificate at \(paths.joined(separator: ", "))") }
        return (.entries(found.entries), found.entries.count)
    }

    /// What `discover` finds; nil for nothing, or where a person at the terminal wants something else.
    private func draft() throws -> (InitPlan.Places, Int)? {
        let decoder = try CertificateDecoder()
        let draft = ConfigurationDraft(Inventory.ofSystem(below: SystemRoot(""), decoder: decoder), decoder: decoder)
        guard draft.registrationCount > 0 else { return nil }
        let found = counted(draft.registrationCount, "certificate")
        if asks, SetupDialogue().answer("Register \(found) that servers on this machine use", default: "yes") == "no" {
            return nil
        }
        return (.draft(draft.text), draft.registrationCount)
    }

    /// A path as the configuration spells it: as it was given, where that means the same, else absolute.
    private func spelled(_ path: String) -> String {
        let isSame = directory == BaseDirectory.working.path && !path.hasPrefix("/") && !path.hasPrefix("~")
        let pattern = PathPattern(target: path)
        return isSame ? pattern.text : BaseDirectory.working.pattern(pattern.text).text
    }

    private var defaultState: String {
        directory == "/etc/notafter" ? "/var/lib/notafter/notafter.db" : "notafter.db"
    }

    // MARK: - Where messages go

    private func address() throws -> String? {
        if let webhook { return webhook }
        guard asks else { return nil }
        let question = "Webhook (- for none; the proposal is `notafter receive` on this machine)"
        guard let answer = SetupDialogue().answer(question, default: InitPlan.ownReceiver), answer != "-" else {
            return nil
        }
        try Self.requireUsable(answer)
        return answer
    }

    private static func requireUsable(_ url: String) throws {
        do throws(WebAddress.Defect) {
            try WebAddress.checkSafety(of: url, .loopbackOnly)
        } catch {
            throw ValidationError("The URL of --webhook \(error.rawValue)\(error.exception).")
        }
    }

    // MARK: - Writing

    /// - Returns: whether the secret is new.
    private func write(_ plan: InitPlan, _ secret: SecretHome) throws -> Bool {
        var isNew = false
        if plan.needsSecret, PathText.withSystemPath(plan.secretPath, { access($0, F_OK) }) != 0 {
            try write(InitPlan.newSecret(), to: plan.secretPath, for: secret.access)
            isNew = true
        }
        do {
            try writeConfiguration(plan.configuration)
        } catch {
            if isNew { NewFile.withdraw(plan.secretPath) }
            throw error
        }
        return isNew
    }

    private func writeConfiguration(_ text: String) throws {
        guard ShippedConfiguration.isAt(file) else { return try write(text, to: file, for: .everybody) }
        do throws(NewFile.Failure) {
            try NewFile.replace(ShippedConfiguration.bytes, at: file, by: Array(text.utf8))
        } catch {
            throw fail("\(file) \(error.clause)")
        }
    }

    private func write(_ text: String, to path: String, for access: NewFile.Access) throws {
        do throws(NewFile.Failure) {
            try NewFile.write(Array(text.utf8), to: path, for: access)
        } catch {
            throw fail("\(path) \(error.clause)")
        }
    }
}
