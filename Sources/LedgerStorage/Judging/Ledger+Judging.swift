import Certificates
import ExpiryRules

extension Ledger {
    /// What can lie at the places of registrations and matter to others.
    package enum Support: Hashable, Sendable {
        case authorities
        case revocationLists

        fileprivate var condition: String {
            switch self {
            case .authorities: "c.kind = 'certificate' AND c.is_ca = 1"
            case .revocationLists: "c.kind = 'revocation_list'"
            }
        }
    }

    /// The CA certificates, or the lists, that the registrations' places show, in the order of their fingerprints.
    package func support(_ support: Support, of registrations: [String]) async throws -> [Fingerprint] {
        try await engine.read { session in
            let found = try registrations.flatMap { registration in
                try session.query(
                    """
                    SELECT DISTINCT o.fingerprint FROM observations o JOIN sources s ON s.id = o.source_id
                    JOIN certificates c ON c.fingerprint = o.fingerprint
                    WHERE s.registration = $1 AND o.ended_at IS NULL AND \(support.condition)
                    """, [.text(registration)]
                ) { $0.blob(0).flatMap(Fingerprint.init(bytes:)) }
            }
            return Set(found.compactMap(\.self)).sorted()
        }
    }

    /// These with their DER; those that have none are left out.
    package func encoded(_ fingerprints: [Fingerprint]) async throws -> [EncodedObject] {
        try await engine.read { session in
            try fingerprints.compactMap { fingerprint in
                try session.first(
                    """
                    SELECT \(ObjectRows.columns), e.der, 0 FROM certificates c
                    JOIN encodings e ON e.fingerprint = c.fingerprint WHERE c.fingerprint = $1
                    """, [.blob(fingerprint.bytes)]
                ) { try EncodedObject(from: $0) }
            }
        }
    }

    /// What the places of a registration show and nobody has judged by `context` yet, or not since time may have changed
    /// the verdict.
    package func unjudged(
        in registration: String, by context: [UInt8], at now: Instant, limit: Int
    ) async throws -> [EncodedObject] {
        try await engine.read { session in
            try session.query(
                """
                SELECT \(ObjectRows.columns), e.der, min(o.position)
                FROM observations o JOIN sources s ON s.id = o.source_id
                JOIN certificates c ON c.fingerprint = o.fingerprint JOIN encodings e ON e.fingerprint = o.fingerprint
                LEFT JOIN judgements j ON j.registration = s.registration AND j.fingerprint = o.fingerprint
                WHERE s.registration = $1 AND o.ended_at IS NULL
                    AND (j.fingerprint IS NULL OR j.context <> $2 OR j.review_at <= $3)
                GROUP BY o.fingerprint LIMIT $4
                """, [.text(registration), .blob(context), .integer(now.seconds), SQLValue(limit)]
            ) { try EncodedObject(from: $0) }
        }
    }

    /// Records judgements, and decides anew on whatever ends at another time than was thought.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func record(
        _ judgements: [Judgement], of registration: String, by context: [UInt8], plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            let writer = JudgementWriter(session: session, registration: registration, plan: plan, now: now)
            return try judgements.flatMap { try writer.record($0, context: context) }
        }
    }

    /// Ends the judging of a registration: forgets what its places show no longer, and opens, changes and closes its findings.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func concludeJudgements(
        of registration: String, plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            let writer = JudgementWriter(session: session, registration: registration, plan: plan, now: now)
            let noticeIDs = try writer.forgetWhatIsGone()
            return try noticeIDs
                + FlawReporter(session: session, registration: registration, plan: plan, now: now).report()
        }
    }

    /// Ends the old CAs of a registration whose successors do all their work, and begins anew with those that are needed
    /// again.
    ///
    /// - Returns: the ids of the notices that were decided.
    package func retireAuthorities(
        of registration: String, plan: WatchPlan, at now: Instant
    ) async throws -> [Int64] {
        try await engine.write { session in
            try AuthoritySuccession(session: session, registration: registration, plan: plan, now: now).settle()
        }
    }
}

extension EncodedObject {
    /// Reads `ObjectRows.columns`, the DER, and the position.
    fileprivate init(from row: any SQLRow) throws {
        self.init(
            object: try ObjectRows.object(from: row), der: row.blob(ObjectRows.columnCount) ?? [],
            position: Int(row.integer(ObjectRows.columnCount + 1) ?? 0))
    }
}
