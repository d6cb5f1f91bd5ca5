import Certificates
import Foundation
import Monitor

/// What `init` writes: the text of a configuration, the secret that signs its messages, and the commands to run next.
struct InitPlan {
    /// What to register.
    enum Places {
        /// Entries of `certificates`.
        case entries([FoundPlaces.Entry])
        /// The sections that `discover` drafted.
        case draft(String)
    }

    /// The answers to what `init` asks.
    struct Answers {
        /// The path of the configuration, as it was named.
        let configuration: String
        /// Whether a command finds the configuration without `--config`.
        let isDefault: Bool
        let state: String
        let places: Places
        /// The URL of the webhook; nil for no receiver yet.
        let webhook: String?
        /// The file of the signing secret, as the configuration names it.
        let secretFile: String
        /// Who uses the configuration.
        let user: User
    }

    /// Who uses a configuration.
    enum User {
        /// The user that writes it.
        case writer
        /// The package's service, under a user of its own. The ledger must belong to that user.
        case service
    }

    /// The port at which `receive` listens unless told otherwise.
    static let receiverPort = 9_797
    /// The URL of `receive` on this machine.
    static let ownReceiver = "http://127.0.0.1:\(receiverPort)/"

    private let answers: Answers

    init(_ answers: Answers) {
        self.answers = answers
    }

    /// Whether messages are signed, so that there must be a secret.
    var needsSecret: Bool { answers.webhook != nil }

    /// The configuration in YAML.
    var configuration: String {
        let lines = [
            "# Written by notafter init. docs/configuration.md describes every key; check changes with: notafter config check",
            "", "# The ledger: what is known, and what was sent.", "state: \(quoted(answers.state))",
        ]
        return (lines + places + receivers).joined(separator: "\n") + "\n"
    }

    private var places: [String] {
        switch answers.places {
        case .draft(let text): [""] + text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        case .entries(let entries): ["", "certificates:"] + entries.flatMap(lines)
        }
    }

    private func lines(of entry: FoundPlaces.Entry) -> [String] {
        let excluded = entry.excluded.map(quoted).joined(separator: ", ")
        return [
            "  - name: \(quoted(entry.name))", "    role: \(entry.role.rawValue)",
            "    paths: [\(entry.paths.map(quoted).joined(separator: ", "))]",
        ] + (entry.excluded.isEmpty ? [] : ["    exclude: [\(excluded)]"])
    }

    private var receivers: [String] {
        guard let webhook = answers.webhook else {
            return [
                "", "# Without a receiver no notice is sent:", "# receivers:",
                "#   - { name: ops, webhook: { url: \"https://ops.example.com/hook\", secret_file: ops.secret } }",
                "# route: { receivers: [ops] }",
            ]
        }
        return [
            "", "receivers:", "  - name: ops", "    webhook:", "      url: \(quoted(webhook))",
            "      secret_file: \(quoted(answers.secretFile))", "route:", "  receivers: [ops]",
        ]
    }

    /// JSON's strings are YAML's.
    private func quoted(_ text: String) -> String {
        (try? JSONText.of(text)) ?? "\"\""
    }

    /// The three commands to run next.
    var commands: [String] {
        let option = answers.isDefault ? "" : " --config \(Self.shellWord(answers.configuration))"
        let first =
            if let receiver = ownReceiver {
                "notafter receive\(receiver) --secret-file \(Self.shellWord(secretPath)) &"
            } else {
                "notafter config check\(option)"
            }
        guard case .writer = answers.user else {
            return ["\(first)", needsSecret ? "notafter test-notify\(option)" : "notafter doctor\(option)"].map {
                "runuser -u notafter -- \($0)"
            } + ["systemctl enable --now notafter-scan.timer"]
        }
        let second = needsSecret ? "notafter test-notify\(option)" : "notafter doctor\(option)"
        return [first, second, "notafter scan\(option)"]
    }

    /// The options with which `receive` listens where messages go, if that is on this machine; nil for another address.
    private var ownReceiver: String? {
        guard let port = answers.webhook?.wholeMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\//)?.1 else { return nil }
        return port == "\(Self.receiverPort)" ? "" : " --port \(port)"
    }

    /// The file of the secret, relative to the working directory as the configuration is.
    var secretPath: String {
        guard !answers.secretFile.hasPrefix("/"), let slash = answers.configuration.lastIndex(of: "/") else {
            return answers.secretFile
        }
        return answers.configuration[...slash] + answers.secretFile
    }

    /// The text as one word of a shell.
    private static func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            let letter = Character(Unicode.Scalar(byte))
            return letter.isASCII && (letter.isLetter || letter.isNumber || "/._-+".contains(letter))
        }
        return isPlain ? text : "'" + text.replacing(scalar: "'", with: "'\\''") + "'"
    }

    /// A new signing secret of Standard Webhooks: 32 bytes of the system's generator, which is getrandom(2).
    static func newSecret() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return "whsec_" + Data(bytes).base64EncodedString() + "\n"
    }
}
