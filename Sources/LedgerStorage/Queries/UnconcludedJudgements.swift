/// Finds the registrations whose findings must be computed again.
struct UnconcludedJudgements {
    let session: any SQLSession

    /// The registrations with new verdicts, or with verdicts on objects that none of their places shows any more.
    func registrations() throws -> Set<String> {
        Set(
            try session.all(
                """
                SELECT registration FROM unreported
                UNION SELECT j.registration FROM judgements j WHERE NOT EXISTS (
                    SELECT 1 FROM observations o JOIN sources s ON s.id = o.source_id
                    WHERE o.certificate_id = j.certificate_id AND s.registration = j.registration AND o.ended_at IS NULL)
                """
            ) { try $0.text() })
    }
}
