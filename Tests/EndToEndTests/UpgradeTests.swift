import Certificates
import Foundation
import GRDB
import TestSupport
import Testing

/// A ledger of version 0.1.0, which stored findings as English sentences.
struct UpgradeTests {
    private let site: Site

    /// A weak certificate and a registered place that does not exist.
    init() throws {
        site = try Site(paths: "[pki, missing.pem]")
        let weak = CertificateTemplate(.client, commonName: "weak", notAfter: Site.start + .days(300))
        try site.directory.write(
            try site.authority.issue(weak, key: TestPKI.selfSigned(weak, key: .rsa1024).key).pem, to: "pki/weak.pem")
    }

    /// Puts the ledger back to the schema and the sentences of 0.1.0.
    private func downgrade() throws {
        try DatabaseQueue(path: site.ledger.path).write { database in
            try database.execute(
                sql: """
                    UPDATE judgements SET context = X'00';
                    UPDATE flaws SET message = 'its key is weak (old)';
                    UPDATE findings SET message = code || ' (old). ' || place;
                    UPDATE notices SET message = 'sent (old)' WHERE kind IN ('finding', 'finding_resolved');
                    ALTER TABLE flaws DROP COLUMN facts;
                    ALTER TABLE findings DROP COLUMN facts;
                    ALTER TABLE notices DROP COLUMN facts;
                    DELETE FROM grdb_migrations WHERE identifier = 'finding facts';
                    """)
        }
    }

    @Test func `an upgrade sends nothing again, and the next scan stores facts in place of the sentences`() async throws
    {
        try await site.scan(day: 0)
        let told = site.ops.told
        #expect(told == ["fleet finding", "fleet finding"])
        try downgrade()

        let before = try await site.run(["list", "--json"] + Site.at(day: 1)).output
        #expect(before.contains("its key is weak (old)") && before.contains("lost_from_sight (old)"))

        try await site.scan(day: 1)
        try await site.scan(day: 2)
        #expect(site.ops.told == told)
        for table in ["flaws", "findings"] {
            #expect(try site.ledger.count("SELECT count(*) FROM \(table) WHERE facts IS NULL") == 0)
            #expect(try site.ledger.count("SELECT count(*) FROM \(table)") > 0)
        }
        let after = try await site.run(["list", "--json"] + Site.at(day: 2)).output
        #expect(after.contains("its key is weak (RSA 1024)") && !after.contains("(old)"))
    }

    @Test func `a finding of before the upgrade ends once, with the sentence that was sent`() async throws {
        try await site.scan(day: 0)
        let told = site.ops.told.count
        try downgrade()
        try site.place("weak", daysLeft: 400)
        try await site.scan(day: 1)
        try await site.scan(day: 2)
        #expect(site.ops.told.dropFirst(told) == ["fleet recovered"])
        let text = try #require(site.ops.requests.last?.text)
        #expect(text.contains("sent (old)"))
    }

    @Test func `facts of a newer version are damage that the error names`() async throws {
        try await site.scan(day: 0)
        try await DatabaseQueue(path: site.ledger.path).write { database in
            try database.execute(sql: #"UPDATE findings SET facts = '{"weather":{"_0":"rain"}}'"#)
        }
        let outcome = try await site.run(["list"] + Site.at(day: 1))
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("newer version"), "\(outcome.errors)")
    }
}
