import Certificates
import Foundation
import GRDB
import LedgerStorage
import Messages
import TestSupport

/// Many certificates, a receiver that fails and loses responses, and pairs of runs that are killed at a random call,
/// until the given number of kills. Then runs without kills.
struct KillStorm {
    /// The number of concurrent runs. Each one is killed unless it ends before.
    static let workers = 2
    private static let certificates = 150
    private static let roundLength = TimeSpan.hours(2)
    /// Most runs make more calls than the first number, and few more than the second.
    private static let calls = [70, 400]

    let site: Site
    private let killSwitch: KillSwitch
    private let receiver: FlakyReceiver
    private var random: SeededGenerator
    private var now = Site.start
    private var expiries: [String: Instant] = [:]
    private var renewed: Set<String> = []
    private(set) var kills = 0

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        killSwitch = try KillSwitch()
        receiver = FlakyReceiver(seed: seed)
        site = try Site(ops: try RecordingReceiver(receiver.answer))
        for number in 0..<Self.certificates {
            // Some are due at once, others in later rounds.
            try place("c\(number)", expiring: Site.start + .days(Int64.random(in: 5...50, using: &random)))
        }
    }

    private mutating func place(_ name: String, expiring expiry: Instant) throws {
        let certificate = try site.authority.issue(.client, commonName: name, notAfter: expiry)
        try site.directory.write(certificate.pem, to: "pki/\(name).pem")
        expiries[name] = expiry
    }

    /// - Throws: `StormFailure` when a run ends unexpectedly.
    mutating func rage(untilKills wanted: Int) async throws {
        // CrashTests kill runs that create the ledger.
        _ = try await site.run(["scan", "--state", site.ledger.path, "--at", (now - .days(60)).description])
        var round = 0
        while kills < wanted {
            round += 1
            guard round < 3 * wanted else { throw StormFailure(description: "runs end before they are killed") }
            if round % 4 == 0 { try renewOne() }
            for status in try await runPair() {
                guard [0, 1, 2, 128 + SIGKILL].contains(status) else {
                    throw StormFailure(description: "round \(round): a run ended with \(status)")
                }
                if status == 128 + SIGKILL { kills += 1 }
            }
            // Both runs have ended, so their leases are void.
            try site.ledger.forgetBoot()
            now = now + Self.roundLength
        }
    }

    private mutating func renewOne() throws {
        guard let name = expiries.keys.filter({ !renewed.contains($0) }).sorted().randomElement(using: &random)
        else { return }
        try place(name, expiring: Site.start + .days(4_000))
        renewed.insert(name)
    }

    private mutating func runPair() async throws -> [Int32] {
        let environments = (0..<Self.workers).map { _ in
            let last = random.chance(75) ? Self.calls[0] : Self.calls[1]
            return killSwitch.environment(
                at: Int.random(in: 1...last, using: &random), random.chance(50) ? .beforeCall : .midWrite)
        }
        let arguments = ["scan", "--state", site.ledger.path, "--at", now.description]
        return try await withThrowingTaskGroup(of: Int32.self) { [site] group in
            for environment in environments {
                group.addTask { try await site.run(arguments, environment: environment).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Makes runs without kills and failures until everything is settled.
    mutating func calm() async throws {
        receiver.recover()
        for _ in 0..<30 {
            let run = try await site.run(["scan", "--state", site.ledger.path, "--at", now.description])
            if run.status == 0 { return }
            now = now + .hours(12)
        }
        throw StormFailure(description: "it is never settled")
    }

    /// Compares the accepted messages with the required ones and with the ledger.
    func account() throws -> StormAccount {
        let accepted = try site.ops.requests.enumerated().filter { receiver.takes($0.offset) }.map {
            try Message($0.element)
        }
        var account = StormAccount()
        let explained = try unknownAttempts()
        for (id, copies) in Dictionary(grouping: accepted, by: \.id) where copies.count > 1 {
            account.duplicates += copies.count - 1
            if copies.count > 1 + explained[id, default: 0] { account.unexplained.append(copies[0].summary) }
            if Set(copies.map(\.body)).count > 1 { account.changed.append(copies[0].summary) }
        }
        let heard = Dictionary(grouping: accepted.map(\.summary)) { $0.split(separator: " ")[0] }
        for (name, expiry) in expiries {
            let words = heard["fleet/CN=\(name)", default: []]
            let isOver = words.firstIndex { $0.hasSuffix("renewed") }
            if renewed.contains(name) {
                if words.isEmpty { continue }
                guard let isOver, words[isOver...].allSatisfy({ $0.hasSuffix("renewed") }) else {
                    account.lost.append("\(name): \(words), and it is renewed")
                    continue
                }
            } else if let stage = stage(expiry), !words.contains("fleet/CN=\(name) \(stage)") || isOver != nil {
                account.lost.append("\(name): \(words), and it is \(stage)")
            }
        }
        return account
    }

    /// The stage that must have been sent by now, derived from the certificate's date.
    private func stage(_ expiry: Instant) -> String? {
        let left = (expiry - now).seconds
        if left < 0 { return "expired" }
        return left <= 14 * 86_400 ? "expiring 14d" : left <= 30 * 86_400 ? "expiring 30d" : nil
    }

    /// The number of attempts with an unknown result for each message, according to the ledger.
    private func unknownAttempts() throws -> [String: Int] {
        let rows = try DatabaseQueue(path: site.ledger.path).read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT n.subject, n.kind, n.stage, n.episode, count(*) FROM attempts a
                    JOIN deliveries d ON d.id = a.delivery_id JOIN notices n ON n.id = d.notice_id
                    WHERE a.outcome = 'unknown' GROUP BY n.id
                    """)
        }
        return try Dictionary(
            rows.map { row in
                let identity = NoticeIdentity(
                    subject: NoticeSubject(text: row[0]) ?? .summary, kind: NoticeKind(rawValue: row[1]) ?? .finding,
                    stage: row[2], episode: row[3])
                return (try MessageIdentifier(of: identity, to: "ops").description, row[4])
            }, uniquingKeysWith: +)
    }
}

/// The result of a storm.
struct StormAccount {
    var duplicates = 0
    /// Required notices that were not received.
    var lost: [String] = []
    /// Repeats without a recorded reason.
    var unexplained: [String] = []
    /// Repeats with different bytes.
    var changed: [String] = []
}

/// A storm that cannot go on.
struct StormFailure: Error, CustomStringConvertible {
    let description: String
}
