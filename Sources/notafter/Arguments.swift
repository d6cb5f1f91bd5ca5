import Certificates

/// The command line as bytes, because a file's name need not be UTF-8 and Swift's own list replaces invalid bytes.
enum Arguments {
    /// Without the command's name.
    static var all: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { PathText.text(cString: $0) }
        }
    }
}
