import Certificates

extension Ledger {
    /// Objects at the places of registrations that the verification of other registrations needs.
    package enum Support: Hashable, Sendable {
        case authorities
        case revocationLists

        fileprivate var condition: SQLText {
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
                try session.all(
                    """
                    SELECT DISTINCT c.fingerprint FROM certificates c
                    CROSS JOIN observations o ON o.certificate_id = c.id AND o.ended_at IS NULL
                    CROSS JOIN sources s ON s.id = o.source_id
                    WHERE \(support.condition) AND s.registration = $1
                    """, [.text(registration)]
                ) { try $0.fingerprint() }
            }
            return Set(found).sorted()
        }
    }

    /// All stored certificates of `issuer`, including those that no place shows any more.
    package func certificates(issuedBy issuer: String) async throws -> [Certificate] {
        try await engine.read { session in
            try session.all(
                """
                SELECT \(ObjectRows.columns) FROM certificates c WHERE c.issuer = $1 AND c.kind = 'certificate'
                """, [.text(issuer)]
            ) { try $0.object().certificate }.compactMap(\.self)
        }
    }

    /// These objects with their DER. Objects without a stored DER are left out.
    package func encoded(_ fingerprints: [Fingerprint]) async throws -> [EncodedObject] {
        try await engine.read { session in
            try fingerprints.compactMap { fingerprint in
                try session.one(
                    """
                    SELECT \(ObjectRows.columns), e.der, 0 FROM certificates c
                    JOIN encodings e ON e.certificate_id = c.id WHERE c.fingerprint = $1
                    """, [.blob(fingerprint.bytes)]
                ) { EncodedObject(object: try $0.object(), der: try $0.blob(), position: try $0.count()) }
            }
        }
    }

    /// The objects at the places of a registration that have no verdict with `context`, or whose verdict is due for
    /// review. It is one query without the encodings, which are read page by page, so the cost does not depend on the
    /// number of pages.
    package func unverified(
        in registration: String, by context: [UInt8], at now: Instant
    ) async throws -> [UnverifiedObject] {
        try await engine.read { session in
            try session.all(
                """
                SELECT min(o.id), min(o.position) FROM sources s
                CROSS JOIN observations o ON o.source_id = s.id AND o.ended_at IS NULL
                LEFT JOIN judgements j ON j.registration = s.registration AND j.certificate_id = o.certificate_id
                WHERE s.registration = $1 AND (j.certificate_id IS NULL OR j.context <> $2 OR j.review_at <= $3)
                    -- Also by the verdict's column, so that SQLite asks this of the few rows that are left.
                    AND EXISTS (
                        SELECT 1 FROM encodings e WHERE e.certificate_id = coalesce(j.certificate_id, o.certificate_id))
                GROUP BY o.certificate_id
                """, [.text(registration), .blob(context), .integer(now.seconds)]
            ) { UnverifiedObject(observationID: try $0.integer(), position: try $0.count()) }
        }
    }

    /// The objects whose verdict is due for review, by an index.
    package func dueForReview(in registration: String, at now: Instant) async throws -> [UnverifiedObject] {
        try await engine.read { session in
            try session.all(
                """
                SELECT min(o.id), min(o.position) FROM judgements j
                CROSS JOIN observations o ON o.certificate_id = j.certificate_id AND o.ended_at IS NULL
                CROSS JOIN sources s ON s.id = o.source_id
                WHERE j.registration = $1 AND j.review_at <= $2 AND s.registration = $1
                    AND EXISTS (SELECT 1 FROM encodings e WHERE e.certificate_id = o.certificate_id)
                GROUP BY o.certificate_id
                """, [.text(registration), .integer(now.seconds)]
            ) { UnverifiedObject(observationID: try $0.integer(), position: try $0.count()) }
        }
    }

    /// These objects with their DER. Objects that have gone meanwhile or have no stored DER are left out.
    package func encoded(_ unverified: some Collection<UnverifiedObject> & Sendable) async throws -> [EncodedObject] {
        try await engine.read { session in
            let positions = Dictionary(
                unverified.map { ($0.observationID, $0.position) }, uniquingKeysWith: { first, _ in first })
            return try session.all(
                """
                SELECT \(ObjectRows.columns), e.der, o.id FROM observations o
                JOIN certificates c ON c.id = o.certificate_id JOIN encodings e ON e.certificate_id = o.certificate_id
                WHERE o.id IN (\(SQLList.elements(of: "$1"))) AND o.ended_at IS NULL
                """, [.list(positions.keys)]
            ) { row in
                let (object, der) = (try row.object(), try row.blob())
                let position = positions[try row.integer()]
                return EncodedObject(object: object, der: der, position: try row.required(position))
            }
        }
    }
}
