import Certificates

/// Escapes lines for the output of monitoring plugins, in which Nagios reads the text after a `|` as performance data.
enum PluginText {
    /// Escapes a line that may contain untrusted text.
    static func harmless(_ line: String) -> String {
        line.replacing(scalar: "|", with: "\\u{7C}")
    }
}
