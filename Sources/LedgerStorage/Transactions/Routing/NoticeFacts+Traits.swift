import ExpiryRules

extension NoticeFacts {
    /// What rules can ask of the notice, for the registration that speaks in it.
    package func traits(in plan: WatchPlan) -> NoticeTraits {
        plan.traits(
            ofNoticeFor: registration, severity: severity, code: NoticeSubject(text: identity.subject).findingCode,
            fingerprint: object?.fingerprint, subject: object?.name)
    }
}
