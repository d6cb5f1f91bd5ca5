/// One episode of what notices are about.
struct SubjectEpisode: Hashable {
    let subject: NoticeSubject
    let episode: Int64

    /// The parameter for a list of them, each with further numbers behind.
    static func list(_ episodes: some Sequence<(SubjectEpisode, [Int64])>) -> SQLValue {
        .list(
            rows: episodes.map { episode, numbers in
                [.text(episode.subject.text), .integer(episode.episode)] + numbers.map(SQLValue.integer)
            })
    }

    /// The parameter for a list of them.
    static func list(_ episodes: some Sequence<SubjectEpisode>) -> SQLValue { list(episodes.map { ($0, []) }) }

    /// What stands behind FROM for the notices `n` of the episodes that a parameter lists. The further numbers of each are
    /// `e.value ->> 2` and on.
    static func noticesInSQL(of parameter: SQLText) -> SQLText {
        """
        json_each(\(parameter)) e
            CROSS JOIN notices n ON n.subject = e.value ->> 0 AND n.episode = e.value ->> 1
        """
    }
}

extension NoticeDraft {
    /// What it is about.
    var subjectEpisode: SubjectEpisode { SubjectEpisode(subject: subject, episode: episode) }
}

extension Standing {
    /// What notices about it are about.
    var subjectEpisode: SubjectEpisode { SubjectEpisode(subject: subject, episode: episode) }
}
