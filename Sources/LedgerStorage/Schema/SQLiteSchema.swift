import ExpiryRules
import GRDB

/// The ledger's tables in SQLite, version by version. A released migration is never edited.
enum SQLiteSchema {
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: version1) }
        // No row changes, so foreign keys need no deferred check.
        migrator.registerMigration("2", foreignKeyChecks: .immediate) {
            try $0.execute(sql: "PRAGMA application_id = \(LedgerOwnership.applicationID)")
        }
        migrator.registerMigration("indexes for growth") { try $0.execute(sql: indexesForGrowth) }
        migrator.registerMigration("source-failures") { try $0.execute(sql: sourceFailures) }
        migrator.registerMigration("receiver gates", foreignKeyChecks: .immediate) {
            try $0.execute(sql: receiverGates)
        }
        migrator.registerMigration("quiet hours", foreignKeyChecks: .immediate) { try $0.execute(sql: quietHours) }
        migrator.registerMigration("finding extents", foreignKeyChecks: .immediate) {
            try $0.execute(sql: findingExtents)
        }
        migrator.registerMigration("orders for pages", foreignKeyChecks: .immediate) {
            try $0.execute(sql: ordersForPages)
        }
        // Tables are replaced, so foreign keys are checked at the end.
        migrator.registerMigration("certificate ids") { try $0.execute(sql: certificateIDs) }
        // The table of sources is made anew, so foreign keys are checked afterwards.
        migrator.registerMigration("certificates at edges") { try $0.execute(sql: certificatesAtEdges) }
        migrator.registerMigration("finding facts", foreignKeyChecks: .immediate) {
            try $0.execute(sql: findingFacts)
        }
        return migrator
    }

    /// Migrates the database to this program's version.
    ///
    /// - Throws: `LedgerError` when the ledger was written by a newer version.
    static func migrate(_ database: any DatabaseWriter) throws {
        let migrator = migrator
        try requireNotNewer(database, migrator)
        try apply(migrator, to: database)
    }

    /// Whether the database has this program's version.
    ///
    /// - Throws: `LedgerError` when the ledger was written by a newer version.
    static func isCurrent(_ database: any DatabaseReader) throws -> Bool {
        let migrator = migrator
        try requireNotNewer(database, migrator)
        return try database.read { database in
            try migrator.appliedIdentifiers(database).isSuperset(of: migrator.migrations)
        }
    }

    private static func requireNotNewer(_ database: any DatabaseReader, _ migrator: DatabaseMigrator) throws {
        guard try !database.read(migrator.hasBeenSuperseded) else {
            throw LedgerError(
                "the ledger was written by a newer version of notafter: upgrade notafter, or use another `state`")
        }
    }

    /// Migrates and retries after a race: when two processes open a new ledger at once, both start all migrations, and
    /// the slower one fails because the tables exist. It then reads the applied migrations again.
    private static func apply(_ migrator: DatabaseMigrator, to database: any DatabaseWriter) throws {
        var applied = try database.read(migrator.appliedIdentifiers)
        while true {
            do {
                return try migrator.migrate(database)
            } catch {
                let appliedNow = try database.read(migrator.appliedIdentifiers)
                guard appliedNow != applied else { throw error }
                applied = appliedNow
            }
        }
    }

    /// Indexes for verdicts that are due for review, for CAs and revocation lists, and for deliveries that are being
    /// sent, so that these queries do not scan whole tables.
    private static let indexesForGrowth = """
        CREATE INDEX judgements_review ON judgements(registration, review_at) WHERE review_at IS NOT NULL;
        CREATE INDEX certificates_authorities ON certificates(fingerprint) WHERE is_ca = 1;
        CREATE INDEX certificates_lists ON certificates(fingerprint) WHERE kind = 'revocation_list';
        CREATE INDEX deliveries_sending ON deliveries(receiver) WHERE state = 'sending';
        """

    /// failures: consecutive passes with trouble at a place. Every file is read again, since this version reads formats
    /// that earlier ones recorded as unreadable.
    private static let sourceFailures = """
        ALTER TABLE sources ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
        UPDATE files SET change_key = NULL;
        """

    /// Indexes in the order of the status page's lists, so that a page of a list does not read the rest of it. The columns after
    /// the fingerprint let counts do without the table.
    private static let ordersForPages = """
        CREATE INDEX certificates_expiry ON certificates(not_after, fingerprint, is_ca, kind, ended_at)
            WHERE ended_at IS NULL;
        CREATE INDEX judgements_expiry ON judgements(expires_at, fingerprint, registration)
            WHERE \(ExpiryPosition.endsEarlyInSQL.text);
        CREATE INDEX notices_open ON notices(severity, observed_at) WHERE \(OpenNotice.isOpenInSQL.text);
        """

    /// last_used: when an edge last reported the certificate at this place. is_described: an edge reported what the row
    /// holds, and not the certificate itself. log_positions: how far a followed log was read: the file, and its first
    /// bytes, since a truncated file keeps its inode.
    private static let certificatesAtEdges = """
        CREATE TABLE sources_of_any_kind(
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK(kind IN ('file', 'command', 'url', 'endpoint', 'edge')),
            registration TEXT NOT NULL, place TEXT NOT NULL, read_at INTEGER, revision INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0, UNIQUE(kind, registration, place)) STRICT;
        INSERT INTO sources_of_any_kind(id, kind, registration, place, read_at, revision, failures)
            SELECT id, kind, registration, place, read_at, revision, failures FROM sources;
        DROP TABLE sources;
        ALTER TABLE sources_of_any_kind RENAME TO sources;
        CREATE INDEX sources_registration ON sources(registration);
        ALTER TABLE observations ADD COLUMN last_used INTEGER;
        CREATE INDEX observations_used ON observations(last_used, certificate_id)
            WHERE last_used IS NOT NULL AND ended_at IS NULL;
        ALTER TABLE certificates ADD COLUMN is_described INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX certificates_described ON certificates(id) WHERE is_described = 1;
        CREATE TABLE log_positions(
            path BLOB PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL, position INTEGER NOT NULL,
            beginning BLOB NOT NULL) STRICT, WITHOUT ROWID;
        """

    private static let version1 = """
        -- Settings that stored facts depend on, to notice when they change.
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- Facts of each certificate, and where it stands. Rows lie in the order of their arrival and not of their
        -- fingerprints, which are random: each batch of new ones would be spread over all of the file.
        -- next_due: when its stage may change; NULL: never, or it ended.
        -- episode_since: when the episode began; NULL: with the first sight.
        -- A revocation list is a row as well: its subject is its issuer, its serial number its CRL number, its validity
        -- that from thisUpdate to nextUpdate; the columns from delta_base on are its own.
        CREATE TABLE certificates(
            fingerprint BLOB PRIMARY KEY, kind TEXT NOT NULL CHECK(kind IN ('certificate', 'revocation_list')),
            subject TEXT NOT NULL, issuer TEXT NOT NULL, serial_number BLOB NOT NULL,
            not_before INTEGER, not_after INTEGER, is_ca INTEGER NOT NULL, signature_algorithm TEXT NOT NULL,
            public_key TEXT NOT NULL, subject_alternative_names TEXT NOT NULL, lineage_names BLOB,
            lineage_public_key BLOB NOT NULL, first_seen INTEGER NOT NULL, episode INTEGER NOT NULL DEFAULT 0,
            episode_since INTEGER, next_due INTEGER, ended_at INTEGER, ended_because TEXT, successor BLOB, delta_base BLOB,
            authority_key_identifier BLOB, revoked_count INTEGER) STRICT;
        CREATE INDEX certificates_due ON certificates(next_due) WHERE next_due IS NOT NULL;
        CREATE INDEX certificates_names ON certificates(lineage_names, fingerprint) WHERE lineage_names IS NOT NULL;
        CREATE INDEX certificates_public_key ON certificates(lineage_public_key, fingerprint);

        -- The DER of what is watched, for verification.
        CREATE TABLE encodings(fingerprint BLOB PRIMARY KEY REFERENCES certificates, der BLOB NOT NULL) STRICT;

        -- Where registrations look. read_at: the last pass that could read it. revision: counts what was recorded, so that a
        -- run whose look at the source is older than the ledger's knows it.
        CREATE TABLE sources(
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK(kind IN ('file', 'command', 'url', 'endpoint')),
            registration TEXT NOT NULL, place TEXT NOT NULL, read_at INTEGER, revision INTEGER NOT NULL DEFAULT 0,
            UNIQUE(kind, registration, place)) STRICT;
        CREATE INDEX sources_registration ON sources(registration);

        -- Files that were looked into. change_key NULL: read it again whatever it looks like.
        CREATE TABLE files(
            source_id INTEGER NOT NULL REFERENCES sources, path BLOB NOT NULL, change_key BLOB,
            defect_reason TEXT, defect_message TEXT, PRIMARY KEY(source_id, path)) STRICT, WITHOUT ROWID;
        CREATE INDEX files_defects ON files(source_id) WHERE defect_reason IS NOT NULL;

        -- This certificate, at this place; ended_at NULL: it is there still, or is missing since absent_since.
        CREATE TABLE observations(
            id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources, path BLOB NOT NULL,
            position INTEGER NOT NULL, fingerprint BLOB NOT NULL REFERENCES certificates, first_seen INTEGER NOT NULL,
            absent_since INTEGER, absent_passes INTEGER NOT NULL DEFAULT 0, ended_at INTEGER, ended_because TEXT,
            successor BLOB) STRICT;
        CREATE UNIQUE INDEX observations_live ON observations(source_id, path, fingerprint) WHERE ended_at IS NULL;
        CREATE INDEX observations_certificate ON observations(fingerprint, ended_at, source_id);
        CREATE INDEX observations_absent ON observations(source_id) WHERE absent_since IS NOT NULL AND ended_at IS NULL;

        -- What verification said of a certificate or list for one registration. context: a digest of all that this depends
        -- on besides the time; review_at: when time alone may change it. expires_at and culprit: the end of the CA that ends
        -- before the certificate and with which it ends. list: the revocation list that its verifier needs. successor: the
        -- CA that does its work, now that no registered certificate needs it any more.
        CREATE TABLE judgements(
            registration TEXT NOT NULL, fingerprint BLOB NOT NULL REFERENCES certificates, context BLOB NOT NULL,
            review_at INTEGER, expires_at INTEGER, culprit BLOB, list BLOB, successor BLOB,
            PRIMARY KEY(registration, fingerprint)) STRICT, WITHOUT ROWID;
        CREATE INDEX judgements_fingerprint ON judgements(fingerprint);
        -- What a certificate cannot do without: the CAs of its path, and the list that its verifier needs.
        CREATE TABLE needs(
            registration TEXT NOT NULL, fingerprint BLOB NOT NULL, needed BLOB NOT NULL,
            PRIMARY KEY(registration, fingerprint, needed)) STRICT, WITHOUT ROWID;
        CREATE INDEX needs_needed ON needs(needed);
        -- Who has which flaw; a finding covers all of one registration that have it. is_news: not yet part of a finding.
        CREATE TABLE flaws(
            registration TEXT NOT NULL, code TEXT NOT NULL, fingerprint BLOB NOT NULL, message TEXT NOT NULL,
            is_news INTEGER NOT NULL, PRIMARY KEY(registration, code, fingerprint)) STRICT, WITHOUT ROWID;
        CREATE INDEX flaws_fingerprint ON flaws(registration, fingerprint);
        -- Registrations whose certificates or verdicts changed since their findings were last worked out.
        CREATE TABLE unreported(registration TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

        CREATE TABLE findings(
            registration TEXT NOT NULL, code TEXT NOT NULL, place TEXT NOT NULL, severity TEXT NOT NULL,
            message TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, closed_at INTEGER,
            episode INTEGER NOT NULL, PRIMARY KEY(registration, code, place)) STRICT, WITHOUT ROWID;

        -- What was decided. subject, kind, stage, episode and repetition are its identity, so nothing is decided twice.
        -- repetition: the number of a reminder of its stage; 0 for what is none.
        CREATE TABLE notices(
            id INTEGER PRIMARY KEY, subject TEXT NOT NULL, kind TEXT NOT NULL, stage INTEGER NOT NULL,
            episode INTEGER NOT NULL, repetition INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, ended_because TEXT,
            registration TEXT NOT NULL, fingerprint BLOB,
            severity TEXT NOT NULL, message TEXT, occurred_at INTEGER NOT NULL, observed_at INTEGER NOT NULL,
            not_observed_since INTEGER, missed TEXT NOT NULL, successor BLOB, useful_until INTEGER NOT NULL,
            UNIQUE(subject, kind, stage, episode, repetition)) STRICT;

        -- receivers.not_before: the gate (Retry-After, or backing off a receiver that fails). fallback_rank: who hears when
        -- another receiver refuses, the lowest first; NULL: it does not.
        CREATE TABLE receivers(
            name TEXT PRIMARY KEY, settings BLOB NOT NULL, not_before INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0, disabled_because TEXT, fallback_rank INTEGER) STRICT, WITHOUT ROWID;

        -- What is sent, frozen at the first attempt: one notice, or several in a digest. part_count: how many it was frozen
        -- with. is_minimal: refused as it was, and to be said in the fewest words. body NULL: delivered, or not yet frozen
        -- in the fewest words. repeat_body: what is sent instead once an attempt may have arrived.
        CREATE TABLE messages(
            id INTEGER PRIMARY KEY, identifier TEXT NOT NULL, part_count INTEGER NOT NULL, is_minimal INTEGER NOT NULL,
            body BLOB, repeat_body BLOB) STRICT;

        -- Notices that somebody holds back. matchers: one a line. fingerprint: of the one that it is about alone, with which it
        -- ends. ended_at: when it ended before its time.
        CREATE TABLE silences(
            id INTEGER PRIMARY KEY, matchers TEXT NOT NULL, fingerprint BLOB, author TEXT NOT NULL, reason TEXT NOT NULL,
            created_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, ended_at INTEGER, ended_because TEXT) STRICT;

        -- held_by: the silence that holds it until next_at.
        -- message: what carries it; NULL before its first attempt. goes_alone: together with others it was refused.
        -- named_by: what chose the receiver, for people. refused: the receiver has refused it, and the finding that says so
        -- does not name it yet (0) or does (1).
        CREATE TABLE deliveries(
            id INTEGER PRIMARY KEY, notice_id INTEGER NOT NULL REFERENCES notices, receiver TEXT NOT NULL,
            state TEXT NOT NULL CHECK(state IN ('pending', 'sending', 'retry', 'unknown', 'parked', 'delivered',
                'superseded', 'cancelled', 'expired')),
            reason TEXT, attempts INTEGER NOT NULL DEFAULT 0, maybe_seen INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL, token BLOB, boot_id TEXT, lease_until INTEGER, settled_at INTEGER,
            message INTEGER REFERENCES messages, goes_alone INTEGER NOT NULL DEFAULT 0,
            held_by INTEGER REFERENCES silences, named_by TEXT, refused INTEGER,
            UNIQUE(notice_id, receiver)) STRICT;
        CREATE INDEX deliveries_open ON deliveries(receiver, next_at) WHERE \(DeliveryState.isOpenInSQL.text);
        CREATE INDEX deliveries_message ON deliveries(message) WHERE message IS NOT NULL;
        CREATE INDEX deliveries_held ON deliveries(held_by) WHERE held_by IS NOT NULL;
        CREATE INDEX deliveries_refused ON deliveries(receiver)
            WHERE refused IS NOT NULL AND \(DeliveryState.isOpenInSQL.text);
        CREATE INDEX deliveries_expired ON deliveries(settled_at) WHERE state = 'expired';

        CREATE TABLE attempts(
            delivery_id INTEGER NOT NULL REFERENCES deliveries, number INTEGER NOT NULL, started_at INTEGER NOT NULL,
            outcome TEXT CHECK(outcome IN ('delivered', 'rejected', 'not_sent', 'unknown')), status INTEGER,
            detail TEXT, milliseconds INTEGER, PRIMARY KEY(delivery_id, number)) STRICT, WITHOUT ROWID;

        -- state, candidate, contradictions: what is believed of it, and what speaks against that (Hysteresis). report: of
        -- the last round, as JSON.
        CREATE TABLE endpoints(
            name TEXT PRIMARY KEY, url TEXT NOT NULL, verdict TEXT NOT NULL, since INTEGER NOT NULL,
            probed_at INTEGER NOT NULL, state TEXT NOT NULL, candidate TEXT NOT NULL, contradictions INTEGER NOT NULL,
            report TEXT NOT NULL) STRICT, WITHOUT ROWID;
        -- The files of the certificates that open endpoints, as they are configured.
        CREATE TABLE client_files(endpoint TEXT PRIMARY KEY, path BLOB NOT NULL) STRICT, WITHOUT ROWID;
        -- Single rounds of the last days, then sums over hours (hour: its first second; a step counts where it was reached).
        CREATE TABLE probes(
            endpoint TEXT NOT NULL, probed_at INTEGER NOT NULL, verdict TEXT NOT NULL, is_good INTEGER NOT NULL,
            dns_ms INTEGER, connect_ms INTEGER, tls_ms INTEGER, first_byte_ms INTEGER, total_ms INTEGER NOT NULL,
            PRIMARY KEY(endpoint, probed_at)) STRICT, WITHOUT ROWID;
        CREATE TABLE probe_hours(
            endpoint TEXT NOT NULL, hour INTEGER NOT NULL, rounds INTEGER NOT NULL, good INTEGER NOT NULL,
            dns_ms INTEGER NOT NULL, connect_ms INTEGER NOT NULL, tls_ms INTEGER NOT NULL,
            first_byte_ms INTEGER NOT NULL, total_ms INTEGER NOT NULL, slowest_ms INTEGER NOT NULL,
            PRIMARY KEY(endpoint, hour)) STRICT, WITHOUT ROWID;

        -- finished_at NULL: it goes on still, or was cut short, or failed.
        CREATE TABLE runs(
            id INTEGER PRIMARY KEY, started_at INTEGER NOT NULL, finished_at INTEGER,
            outcome TEXT CHECK(outcome IN ('good', 'troubled'))) STRICT;
        """

    /// The state of `ReceiverGate`, and since when a receiver accepts nothing.
    private static let receiverGates = """
        -- receivers.failures: how often in a row its gate has closed. failing: different messages that failed in a row, by
        -- id, with commas between. paused_until: the end of a pause that it asked for. failing_since: the first failure since it last took something. taken_at: when that was.
        ALTER TABLE receivers ADD COLUMN failing TEXT NOT NULL DEFAULT '';
        ALTER TABLE receivers ADD COLUMN failures_in_row INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE receivers ADD COLUMN recent_attempts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE receivers ADD COLUMN recent_failures INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE receivers ADD COLUMN paused_until INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE receivers ADD COLUMN failing_since INTEGER;
        ALTER TABLE receivers ADD COLUMN taken_at INTEGER;
        """

    /// extent: how many places or files the notice of a finding covered.
    private static let findingExtents = "ALTER TABLE findings ADD COLUMN extent INTEGER;"

    /// facts: what a flaw, finding or notice states, as JSON of `FlawFact` or `FindingFacts`; NULL in the rows of earlier
    /// versions, which have a sentence in `message` instead. The next pass verifies everything again, since contexts
    /// contain the form of the facts, and so replaces the sentences of what is watched. It does not notify again: a flaw
    /// that has a row is no news.
    private static let findingFacts = """
        ALTER TABLE flaws ADD COLUMN facts TEXT;
        ALTER TABLE findings ADD COLUMN facts TEXT;
        ALTER TABLE notices ADD COLUMN facts TEXT;
        """

    /// quiet_until: the end of the receiver's quiet hours, for which the delivery waits until next_at.
    private static let quietHours = """
        ALTER TABLE deliveries ADD COLUMN quiet_until INTEGER;
        CREATE INDEX deliveries_quiet ON deliveries(quiet_until) WHERE quiet_until IS NOT NULL;
        """
}
