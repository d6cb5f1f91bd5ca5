import ArgumentParser
import Configuration

/// The tree of subcommands, for messages about a command line.
enum CommandTree {
    /// A word that should name a command and does not.
    struct UnknownCommand: Error {
        /// Names what is probably meant.
        let message: String
        /// The command whose subcommands were expected.
        let parent: any ParsableCommand.Type
    }

    /// The first word of a command line that should name a command and does not; nil where all do.
    static func unknownCommand(in arguments: [String]) -> UnknownCommand? {
        var command: any ParsableCommand.Type = Notafter.self
        for argument in arguments where argument != "help" {
            let children = command.configuration.subcommands
            guard !children.isEmpty, !argument.isEmpty, !argument.hasPrefix("-") else { return nil }
            guard let child = children.first(where: { names(of: $0).contains(argument) }) else {
                return unknown(argument, below: command)
            }
            command = child
        }
        return nil
    }

    /// The words that call a command, such as `notafter config show`.
    static func words(of command: any ParsableCommand.Type) -> String {
        let name = Notafter.configuration.commandName ?? "notafter"
        return path(to: command, from: Notafter.self).map { ([name] + $0).joined(separator: " ") } ?? name
    }

    private static func path(
        to target: any ParsableCommand.Type, from command: any ParsableCommand.Type
    ) -> [String]? {
        guard command != target else { return [] }
        for child in command.configuration.subcommands {
            if let rest = path(to: target, from: child) { return names(of: child).prefix(1) + rest }
        }
        return nil
    }

    private static func unknown(_ word: String, below parent: any ParsableCommand.Type) -> UnknownCommand {
        let children = parent.configuration.subcommands
        let elsewhere = commands(below: Notafter.self).first { names(of: $0).contains(word) }.map { words(of: $0) }
        let hint = didYouMean(word, among: children.flatMap { names(of: $0) })
        let remedy =
            if let elsewhere {
                "; did you mean \"\(elsewhere)\"?"
            } else {
                hint.isEmpty
                    ? "; there are: \(children.flatMap { names(of: $0).prefix(1) }.joined(separator: ", "))" : hint
            }
        let name = TerminalText.escaped(words(of: parent) + " " + word)
        return UnknownCommand(message: "There is no command \"\(name)\"\(remedy)", parent: parent)
    }

    private static func commands(below parent: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        parent.configuration.subcommands.flatMap { [$0] + commands(below: $0) }
    }

    /// The name and the aliases that call a command.
    private static func names(of command: any ParsableCommand.Type) -> [String] {
        let configuration = command.configuration
        return (configuration.commandName.map { [$0] } ?? []) + configuration.aliases
    }
}
