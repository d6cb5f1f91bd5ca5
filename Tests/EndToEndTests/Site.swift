import Certificates
import Foundation
import TestSupport

/// An environment of notafter: a directory with the configuration, certificates and the ledger, and receivers on
/// loopback. The built command runs in it, at the time that a test sets.
final class Site: Sendable {
    /// 2027-01-15T08:00:00Z: day 0 of every test.
    static let start = Instant(seconds: 1_800_000_000)
    static let signingSecret = "whsec_" + Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()

    let directory: TemporaryDirectory
    let authority: TestAuthority
    let ops: RecordingReceiver

    /// `receivers` get all notices in addition to `ops`, by name. `sections` are further sections of the configuration.
    init(
        ops: RecordingReceiver? = nil, receivers: [String: RecordingReceiver] = [:], paths: String = "[pki]",
        sections: String = ""
    ) throws {
        directory = try TemporaryDirectory()
        authority = try TestPKI.authority("Site CA")
        self.ops = try ops ?? RecordingReceiver()
        try directory.makeDirectory("pki")
        try directory.write(Self.signingSecret + "\n", to: "ops.secret")
        let all = receivers.merging(["ops": self.ops]) { $1 }.sorted { $0.key < $1.key }
        try directory.write(
            """
            certificates:
              - { name: fleet, role: client, paths: \(paths), owner: device-team }
            receivers:
            \(all.map { "  - { name: \($0), webhook: { url: \"\($1.url)\", secret_file: ops.secret } }" }
                .joined(separator: "\n"))
            route: { receivers: [\(all.map(\.key).joined(separator: ", "))] }
            \(sections)

            """, to: "notafter.yaml")
    }

    /// A certificate of the site's authority with the given days left on day 0.
    func certificate(_ commonName: String, daysLeft: Int64) throws -> IssuedCertificate {
        try authority.issue(.client, commonName: commonName, notAfter: Self.start + .days(daysLeft))
    }

    /// Writes a new certificate to the registered directory.
    @discardableResult
    func place(_ name: String, daysLeft: Int64) throws -> IssuedCertificate {
        let certificate = try certificate(name, daysLeft: daysLeft)
        try directory.write(certificate.pem, to: "pki/\(name).pem")
        return certificate
    }

    /// `--at` and the time the given days and seconds after day 0.
    static func at(day: Int64, seconds: Int64 = 0) -> [String] {
        ["--at", (start + .days(day) + TimeSpan(seconds: seconds)).description]
    }

    /// Runs the command in the site's directory. A `scan` or `run` with `--at` uses the site's own ledger.
    func run(
        _ arguments: [String], environment: [String: String] = [:], wrapper: [String] = []
    ) async throws -> NotafterProcess.Outcome {
        let isRehearsal = ["scan", "run"].contains(arguments.first) && arguments.dropLast().contains("--at")
        let state = isRehearsal && !arguments.contains("--state") ? ["--state", ledger.path] : []
        return try await NotafterProcess.run(
            arguments + state, environment: environment, directory: directory.path, wrapper: wrapper)
    }

    /// `notafter scan` on that day.
    @discardableResult
    func scan(day: Int64, seconds: Int64 = 0, _ further: [String] = []) async throws -> NotafterProcess.Outcome {
        try await run(["scan"] + Self.at(day: day, seconds: seconds) + further)
    }

    var ledger: LedgerFile { LedgerFile(path: directory.path(of: "notafter.db")) }
}

/// A message that a receiver got.
struct Message: Hashable {
    let id: String
    let attempt: String
    let timestamp: String
    let body: [UInt8]
    let type: String
    let stage: String?
    let subject: String
    let missedDays: [Double]

    init(_ request: RecordingReceiver.Request) throws {
        struct Body: Decodable {
            struct Facts: Decodable {
                let stage: String?
                let subject: String
                let missed: [Double]
            }

            let type: String
            let data: Facts
        }
        let content = try JSONDecoder().decode(Body.self, from: Data(request.body))
        id = request.headers["webhook-id"] ?? ""
        attempt = request.headers["x-notafter-attempt"] ?? ""
        timestamp = request.headers["webhook-timestamp"] ?? ""
        body = request.body
        type = content.type
        stage = content.data.stage
        subject = content.data.subject
        missedDays = content.data.missed
    }

    /// `fleet/CN=a expiring 30d`
    var summary: String {
        let word = type.split(separator: ".").last ?? ""
        return [subject, String(word), type == "certificate.expiring" ? stage : nil].compactMap(\.self)
            .joined(separator: " ")
    }
}

extension RecordingReceiver {
    /// The messages in order.
    var messages: [Message] {
        get throws { try requests.map(Message.init) }
    }

    /// The summaries of the messages in order. Other requests are kept as text.
    var told: [String] {
        requests.map { request in (try? Message(request))?.summary ?? request.text }
    }
}
