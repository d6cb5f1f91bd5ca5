import Foundation

/// A mail server on loopback (aiosmtpd) that records mail.
package final class SMTPServer: Sendable {
    /// How it behaves.
    package struct Settings: Encodable, Sendable {
        /// Whether TLS begins with the first byte. Otherwise STARTTLS is required if there is a certificate.
        package var implicit = false
        /// The password of the user `notafter`. nil accepts all clients.
        package var password: String?
        /// Recipients that are refused, with the reply.
        package var refused: [String: String] = [:]
        /// The reply to the final dot, in place of accepting the mail.
        package var answer: String?
        /// Accepts the mail and closes without a reply.
        package var vanish = false

        package init() {}
    }

    /// A mail as parsed by Python's email package.
    package struct Kept: Decodable, Sendable {
        package let sender: String
        package let recipients: [String]
        package let encrypted: Bool
        /// The name in EHLO.
        package let hello: String
        /// Names in lower case.
        package let headers: [String: String]
        package let text: String
        /// The length of the longest line in bytes.
        package let longest: Int
    }

    package let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts it with `certificate`, or without TLS, and waits until it listens.
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

    /// The accepted mails in order.
    package func mails() throws -> [Kept] {
        var mails: [Kept] = []
        while let content = FileManager.default.contents(atPath: directory.path(of: "mail-\(mails.count).json")) {
            mails.append(try JSONDecoder().decode(Kept.self, from: content))
        }
        return mails
    }

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/smtp_server.py"
}
