/// Lines for monitoring plugins' output, in which Nagios takes what follows a `|` for performance data.
enum PluginText {
    /// A line with whatever foreign text it holds.
    static func harmless(_ line: String) -> String {
        line.replacing("|", with: "\\u{7C}")
    }
}
