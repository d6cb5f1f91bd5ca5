extension SQLiteSchema {
    /// Gives certificates and lists ids that count up. The tables with many rows refer to them by id instead of by
    /// fingerprint. What outlives a certificate (notices, silences, successors) keeps the fingerprint.
    ///
    /// An id is never used again (AUTOINCREMENT), so that one whose certificate was deleted finds nothing. Certificates keep
    /// the order of their arrival. Each old table is dropped as soon as it is copied, since the next copy then uses its
    /// pages. Indexes are built last, sorted.
    static let certificateIDs = """
        ALTER TABLE certificates RENAME TO old_certificates;
        CREATE TABLE certificates(
            id INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint BLOB NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK(kind IN ('certificate', 'revocation_list')),
            subject TEXT NOT NULL, issuer TEXT NOT NULL, serial_number BLOB NOT NULL,
            not_before INTEGER, not_after INTEGER, is_ca INTEGER NOT NULL, signature_algorithm TEXT NOT NULL,
            public_key TEXT NOT NULL, subject_alternative_names TEXT NOT NULL, lineage_names BLOB,
            lineage_public_key BLOB NOT NULL, first_seen INTEGER NOT NULL, episode INTEGER NOT NULL DEFAULT 0,
            episode_since INTEGER, next_due INTEGER, ended_at INTEGER, ended_because TEXT, successor BLOB, delta_base BLOB,
            authority_key_identifier BLOB, revoked_count INTEGER) STRICT;
        INSERT INTO certificates SELECT rowid, fingerprint, kind, subject, issuer, serial_number, not_before, not_after, is_ca,
                signature_algorithm, public_key, subject_alternative_names, lineage_names, lineage_public_key, first_seen,
                episode, episode_since, next_due, ended_at, ended_because, successor, delta_base, authority_key_identifier,
                revoked_count
            FROM old_certificates ORDER BY rowid;
        DROP TABLE old_certificates;

        ALTER TABLE encodings RENAME TO old_encodings;
        CREATE TABLE encodings(
            certificate_id INTEGER PRIMARY KEY REFERENCES certificates, der BLOB NOT NULL) STRICT;
        INSERT INTO encodings SELECT c.id, e.der FROM certificates c
            CROSS JOIN old_encodings e ON e.fingerprint = c.fingerprint;
        DROP TABLE old_encodings;

        ALTER TABLE observations RENAME TO old_observations;
        CREATE TABLE observations(
            id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources, path BLOB NOT NULL,
            position INTEGER NOT NULL, certificate_id INTEGER NOT NULL REFERENCES certificates,
            first_seen INTEGER NOT NULL, absent_since INTEGER, absent_passes INTEGER NOT NULL DEFAULT 0, ended_at INTEGER,
            ended_because TEXT, successor BLOB) STRICT;
        INSERT INTO observations SELECT o.id, o.source_id, o.path, o.position, c.id, o.first_seen, o.absent_since,
                o.absent_passes, o.ended_at, o.ended_because, o.successor
            FROM old_observations o CROSS JOIN certificates c ON c.fingerprint = o.fingerprint;
        DROP TABLE old_observations;

        -- culprit_id: of the CA that ends before the certificate. list_id: of the revocation list that its verifier needs.
        ALTER TABLE judgements RENAME TO old_judgements;
        CREATE TABLE judgements(
            registration TEXT NOT NULL, certificate_id INTEGER NOT NULL REFERENCES certificates, context BLOB NOT NULL,
            review_at INTEGER, expires_at INTEGER, culprit_id INTEGER, list_id INTEGER, successor BLOB,
            PRIMARY KEY(registration, certificate_id)) STRICT, WITHOUT ROWID;
        INSERT INTO judgements SELECT j.registration, c.id, j.context, j.review_at, j.expires_at, a.id, l.id, j.successor
            FROM old_judgements j CROSS JOIN certificates c ON c.fingerprint = j.fingerprint
            LEFT JOIN certificates a ON a.fingerprint = j.culprit LEFT JOIN certificates l ON l.fingerprint = j.list
            ORDER BY j.registration, c.id;
        DROP TABLE old_judgements;

        ALTER TABLE needs RENAME TO old_needs;
        CREATE TABLE needs(
            registration TEXT NOT NULL, certificate_id INTEGER NOT NULL, needed_id INTEGER NOT NULL,
            PRIMARY KEY(registration, certificate_id, needed_id)) STRICT, WITHOUT ROWID;
        INSERT INTO needs SELECT n.registration, c.id, m.id FROM old_needs n
            CROSS JOIN certificates c ON c.fingerprint = n.fingerprint
            CROSS JOIN certificates m ON m.fingerprint = n.needed ORDER BY n.registration, c.id, m.id;
        DROP TABLE old_needs;

        ALTER TABLE flaws RENAME TO old_flaws;
        CREATE TABLE flaws(
            registration TEXT NOT NULL, code TEXT NOT NULL, certificate_id INTEGER NOT NULL, message TEXT NOT NULL,
            is_news INTEGER NOT NULL, PRIMARY KEY(registration, code, certificate_id)) STRICT, WITHOUT ROWID;
        INSERT INTO flaws SELECT f.registration, f.code, c.id, f.message, f.is_news FROM old_flaws f
            CROSS JOIN certificates c ON c.fingerprint = f.fingerprint ORDER BY f.registration, f.code, c.id;
        DROP TABLE old_flaws;

        CREATE INDEX certificates_due ON certificates(next_due) WHERE next_due IS NOT NULL;
        CREATE INDEX certificates_expiry ON certificates(not_after, id, is_ca, kind, ended_at) WHERE ended_at IS NULL;
        CREATE INDEX certificates_authorities ON certificates(is_ca) WHERE is_ca = 1;
        CREATE INDEX certificates_lists ON certificates(kind) WHERE kind = 'revocation_list';
        -- The first 8 bytes of a hash find its few candidates (LineageHash).
        CREATE INDEX certificates_names ON certificates(substr(lineage_names, 1, 8)) WHERE lineage_names IS NOT NULL;
        CREATE INDEX certificates_public_key ON certificates(substr(lineage_public_key, 1, 8));
        CREATE UNIQUE INDEX observations_live ON observations(source_id, path, certificate_id) WHERE ended_at IS NULL;
        CREATE INDEX observations_certificate ON observations(certificate_id, ended_at, source_id);
        CREATE INDEX observations_absent ON observations(source_id) WHERE absent_since IS NOT NULL AND ended_at IS NULL;
        CREATE INDEX judgements_certificate ON judgements(certificate_id);
        CREATE INDEX judgements_review ON judgements(registration, review_at) WHERE review_at IS NOT NULL;
        CREATE INDEX judgements_expiry ON judgements(expires_at, certificate_id, registration)
            WHERE \(ExpiryPosition.endsEarlyInSQL.text);
        CREATE INDEX needs_needed ON needs(needed_id);
        CREATE INDEX flaws_certificate ON flaws(registration, certificate_id);
        DROP INDEX files_defects;
        CREATE INDEX files_defects ON files(source_id, defect_reason) WHERE defect_reason IS NOT NULL;
        """
}
