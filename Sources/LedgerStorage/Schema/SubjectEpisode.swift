/// One episode of a subject of notices.
struct SubjectEpisode: Hashable {
    let subject: NoticeSubject
    let episode: Int64

    /// The parameter for a list of episodes, each followed by further numbers.
    static func list(_ episodes: some Sequence<(SubjectEpisode, [Int64])>) -> SQLValue {
        .list(
            rows: episodes.map { episode, numbers in
                [.text(episode.subject.text), .integer(episode.episode)] + numbers.map(SQLValue.integer)
            })
    }

    /// The parameter for a list of episodes.
    static func list(_ episodes: some Sequence<SubjectEpisode>) -> SQLValue { list(episodes.map { ($0, []) }) }

    /// The FROM clause for the notices `n` of the episodes in a parameter. The further numbers of each episode are
    /// `e.value ->> 2` and following.
    static func noticesInSQL(of parameter: SQLText) -> SQLText {
        """
        json_each(\(parameter)) e
            CROSS JOIN notices n ON n.subject = e.value ->> 0 AND n.episode = e.value ->> 1
        """
    }
}

extension NoticeDraft {
    /// The episode of the subject.
    var subjectEpisode: SubjectEpisode { SubjectEpisode(subject: subject, episode: episode) }
}

extension Standing {
    /// The subject and current episode of its notices.
    var subjectEpisode: SubjectEpisode { SubjectEpisode(subject: subject, episode: episode) }
}
