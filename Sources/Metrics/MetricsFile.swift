import Foundation

/// A file for node_exporter's textfile collector.
package struct MetricsFile: Sendable {
    private let path: String

    /// - Parameter path: the path. node_exporter reads only names that end with `.prom`.
    package init(path: String) {
        self.path = path
    }

    /// Replaces the file atomically with one that all users may read.
    ///
    /// - Parameter families: the metrics.
    /// - Throws: `MetricsFileNotWritten`. The old file then stays, and its age shows the problem in node_exporter.
    package func write(_ families: [MetricFamily]) throws {
        // The collector ignores names with another suffix.
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
