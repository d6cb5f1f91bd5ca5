import Foundation

/// A file for node_exporter's textfile collector.
package struct MetricsFile: Sendable {
    private let path: String

    /// - Parameter path: its name ends with `.prom`, or node_exporter does not read it.
    package init(path: String) {
        self.path = path
    }

    /// Writes the file anew: readers see the old content or the new one, and anybody may read it.
    ///
    /// - Parameter families: what it holds.
    /// - Throws: `MetricsFileNotWritten`; then the old content stays, and so does its age, which node_exporter tells.
    package func write(_ families: [MetricFamily]) throws {
        // The collector leaves out names with another ending.
        let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier)"
        let text = ExpositionFormat.prometheus.text(of: families)
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: draft)
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw MetricsFileNotWritten(path: path, reason: error.localizedDescription)
        }
        guard rename(draft, path) == 0 else {
            let reason = String(cString: strerror(errno))
            try? FileManager.default.removeItem(atPath: draft)
            throw MetricsFileNotWritten(path: path, reason: reason)
        }
    }
}

/// The metrics could not be written.
package struct MetricsFileNotWritten: Error, CustomStringConvertible {
    let path: String
    let reason: String

    package var description: String {
        "metrics file \(path): cannot be written: \(reason); the pass itself is recorded"
    }
}
