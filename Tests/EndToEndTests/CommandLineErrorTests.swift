import Foundation
import TestSupport
import Testing

/// What a mistyped command line is told.
struct CommandLineErrorTests {
    @Test(arguments: [
        (["chekc", "pki"], "There is no command \"notafter chekc\"; did you mean \"check\"?", "notafter"),
        (["help", "scna"], "There is no command \"notafter scna\"; did you mean \"scan\"?", "notafter"),
        (["validate"], "did you mean \"notafter config validate\"?", "notafter"),
        (["config", "vaildate"], "did you mean \"validate\"?", "notafter config"),
        (["config", "frobnicate"], "; there are: validate, show, schema, routes", "notafter config"),
        (["deliveries", "rety", "12"], "did you mean \"retry\"?", "notafter deliveries"),
        (["silence", "lst"], "did you mean \"list\"?", "notafter silence"),
        (["probe", "nowhere"], "There is no such endpoint; there are: api", "notafter probe"),
        (["test-notify", "nobody"], "There is no such receiver; there are: ops", "notafter test-notify"),
        (["scan", "--bogus"], "Unknown option '--bogus'", "notafter scan"),
    ])
    func `it names what is meant, and the usage of its own command`(
        arguments: [String], message: String, command: String
    ) async throws {
        let site = try Site(sections: "endpoints: [{ name: api, url: \"https://127.0.0.1:1/\" }]")
        let outcome = try await site.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.errors.contains("\nUsage: \(command) "), "\(outcome.errors)")
        #expect(outcome.errors.hasSuffix("  See '\(command) --help' for more information.\n"), "\(outcome.errors)")
    }

    @Test(arguments: [
        (["check"], "UNKNOWN - Name a file, a directory or a glob, or a configuration with --config."),
        (["check", "--bogus"], "UNKNOWN - Unknown option '--bogus'"),
        (["check", "--config", "bad.yaml"], "UNKNOWN - bad.yaml:1:15: certificates"),
        (["check", "-w", "a|b", "pki"], "UNKNOWN - The value 'a\\u{7C}b' is invalid"),
    ])
    func `check says in the first line of stdout why it is UNKNOWN`(arguments: [String], line: String) async throws {
        let site = try Site()
        try site.directory.write("certificates: 3\n", to: "bad.yaml")
        let outcome = try await site.run(arguments)
        #expect(outcome.status == 3)
        #expect(outcome.output.hasPrefix(line), "\(outcome.output)")
        #expect(outcome.output.split(separator: "\n").count == 1)
        #expect(!outcome.errors.isEmpty, "stderr has it whole")
    }

    @Test func `config check is config validate`() async throws {
        let site = try Site()
        try site.place("a", daysLeft: 400)
        let outcome = try await site.run(["config", "check"])
        #expect(outcome.status == 0 && outcome.output.hasPrefix("notafter.yaml: "), "\(outcome.errors)")
    }
}
