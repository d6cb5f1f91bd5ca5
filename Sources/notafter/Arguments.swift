import Certificates

/// The command line with its bytes: a file's name need not be UTF-8, and Swift's own list would replace what is not.
enum Arguments {
    /// Without the command's name.
    static var all: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { PathText.text(cString: $0) }
        }
    }
}
