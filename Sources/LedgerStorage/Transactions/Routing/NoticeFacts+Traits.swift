import ExpiryRules

extension NoticeFacts {
    /// The traits that routes and silences match, for the registration that the message names.
    package func traits(in plan: WatchPlan) -> NoticeTraits {
        plan.traits(
            ofNoticeFor: registration, severity: severity, code: identity.subject.findingCode,
            fingerprint: object?.fingerprint, subject: object?.name)
    }
}
