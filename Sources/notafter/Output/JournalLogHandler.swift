import Certificates
import Foundation
import Logging

/// Writes each event as one line on stderr: `message key=value ...`, with a syslog level before it if the journal reads
/// it.
struct JournalLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let isJournal = JournalLogHandler.stderrIsJournal

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let fields = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }
        let prefix = isJournal ? "<\(Self.priority(event.level))>" : ""
        let line = "\(prefix)\(event.message)\(fields.joined())"
        FileHandle.standardError.write(Data((TerminalText.escaped(line) + "\n").utf8))
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.allSatisfy { $0.isLetter || $0.isNumber || "._-/:".contains($0) }
        return isPlain ? value : "\"" + value.replacing(scalar: "\"", with: "\\\"") + "\""
    }

    /// syslog(3)
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }

    /// Whether stderr is the file that `$JOURNAL_STREAM` names (systemd.exec(5)). The variable may be inherited.
    private static let stderrIsJournal: Bool = {
        var status = stat()
        guard let stream = ProcessInfo.processInfo.environment["JOURNAL_STREAM"], fstat(STDERR_FILENO, &status) == 0
        else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }()
}
