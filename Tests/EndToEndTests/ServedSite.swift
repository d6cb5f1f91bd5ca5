import Foundation
import TestSupport

/// A daemon that listens, after its first pass.
struct ServedSite {
    let site: Site
    let daemon: NotafterProcess
    /// As the log names it, with the port that the kernel chose.
    let address: String

    init(_ site: Site) async throws {
        self.site = site
        let daemon = try NotafterProcess(["run"], directory: site.directory.path)
        self.daemon = daemon
        try await waitUntil("a pass is made") {
            daemon.errors.split(separator: "\n").contains { $0.hasPrefix("pass ") }
        }
        let line = daemon.errors.split(separator: "\n").first { $0.hasPrefix("listening") } ?? ""
        address = String(line.firstMatch(of: /address=(\S+)/)?.1 ?? "")
    }

    /// The body of the answer to a GET, whatever its status.
    func get(_ path: String, _ arguments: [String] = []) throws -> String {
        let bytes = try RequiredTool("curl").output(
            ["--silent", "--show-error", "--noproxy", "*"] + arguments + ["http://\(address)\(path)"])
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The status and the body of the answer to another method, with `arguments` for curl.
    func send(_ method: String, _ path: String, _ arguments: [String] = []) throws -> (status: Int, body: String) {
        let bytes = try RequiredTool("curl").output(
            ["--silent", "--show-error", "--noproxy", "*", "--request", method, "--write-out", "\n%{http_code}"]
                + arguments + ["http://\(address)\(path)"])
        let text = String(decoding: bytes, as: UTF8.self)
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        return (Int(text[end...].dropFirst()) ?? 0, String(text[..<end]))
    }

    /// Stops the daemon.
    func end() async throws -> NotafterProcess.Outcome {
        daemon.signal(SIGTERM)
        return try await daemon.outcome()
    }
}
