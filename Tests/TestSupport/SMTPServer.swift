import Foundation

/// A mail server on loopback, aiosmtpd, that keeps what it takes.
package final class SMTPServer: Sendable {
    /// How it behaves.
    package struct Settings: Encodable, Sendable {
        /// From the first byte; else STARTTLS is required where there is a certificate.
        package var implicit = false
        /// The password of the user `notafter`; nil takes anybody.
        package var password: String?
        /// Recipients that are refused, with the reply.
        package var refused: [String: String] = [:]
        /// The reply to the final dot, instead of taking the mail.
        package var answer: String?
        /// Takes the mail and closes without a reply.
        package var vanish = false

        package init() {}
    }

    /// A mail as Python's email package reads it.
    package struct Kept: Decodable, Sendable {
        package let sender: String
        package let recipients: [String]
        package let encrypted: Bool
        /// What EHLO said.
        package let hello: String
        /// Names in lower case.
        package let headers: [String: String]
        package let text: String
        /// Bytes of the longest line.
        package let longest: Int
    }

    package let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts it with `certificate` for its own, or without TLS, and waits until it listens.
    ///
    /// - Throws: `ServerNotReady`.
    package init(certificate: IssuedCertificate?, settings: Settings = Settings()) throws {
        let directory = try TemporaryDirectory()
        if let certificate { try directory.write(certificate.pem + certificate.keyPEM, to: "server.pem") }
        let options = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        process = try ChildProcess(RequiredTool.debianPython, ["-u", Self.script, directory.path, options])
        self.directory = directory
        let line = try process.line { $0.hasPrefix("port ") }
        guard let port = Int(line.dropFirst(5)) else { throw ServerNotReady(description: "python said \(line)") }
        self.port = port
    }

    /// What it has taken, in order.
    package func mails() throws -> [Kept] {
        var mails: [Kept] = []
        while let content = FileManager.default.contents(atPath: directory.path(of: "mail-\(mails.count).json")) {
            mails.append(try JSONDecoder().decode(Kept.self, from: content))
        }
        return mails
    }

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/smtp_server.py"
}
