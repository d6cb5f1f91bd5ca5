import Certificates
import ExpiryRules

/// `match`: the conditions on notices.
enum MatchSection {
    enum Key: String, CaseIterable {
        case registration, role, owner, labels, severity, code, endpoint
    }

    /// Reads the matchers.
    ///
    /// - Parameters:
    ///   - cursor: the mapping.
    ///   - registrations: all registrations of the configuration. A pattern that matches none of them is a mistake.
    /// - Returns: nil, after a report, when a matcher is invalid.
    static func read(_ cursor: Cursor, registrations: [Registration]) -> NoticeMatchers? {
        read(cursor, Key.self, registrations: registrations)
    }

    /// The same for sections with other keys. Each key is the name of a field, or `labels`.
    static func read<Key: CaseIterable & RawRepresentable<String>>(
        _ cursor: Cursor, _ keys: Key.Type, registrations: [Registration]
    ) -> NoticeMatchers? {
        guard let section = Section<Key>(cursor) else { return nil }
        var matchers: [NoticeMatcher?] = []
        for key in Key.allCases {
            guard let value = section[key] else { continue }
            if let field = NoticeField(name: key.rawValue) {
                matchers.append(value.matcher(field, among: registrations))
            } else {
                // Each key of `labels` is a field of its own.
                if value.node.mapping?.isEmpty == true { value.report("is empty: leave the key out, or name a label") }
                matchers += Labels.fields(value).map { $1.matcher(.label($0), among: registrations) }
            }
        }
        guard Key.allCases.contains(where: { section[$0] != nil }) else {
            section.report("says nothing: name at least one of \(Key.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        let complete = matchers.compactMap(\.self)
        return complete.isEmpty || complete.count < matchers.count ? nil : NoticeMatchers(complete)
    }
}

extension Cursor {
    /// One pattern, or a list of them.
    fileprivate func matcher(_ field: NoticeField, among registrations: [Registration]) -> NoticeMatcher? {
        let known = field.knownValues(among: registrations)
        let patterns =
            kind == .list
            ? distinctList { $0.pattern(of: field, known: known) }
            : pattern(of: field, known: known).map { [$0] }
        return patterns.map { NoticeMatcher(field, $0) }
    }

    private func pattern(of field: NoticeField, known: [String]?) -> NamePattern? {
        guard let pattern = text().map({ NamePattern($0) }) else { return nil }
        guard let known, !known.contains(where: pattern.matches) else { return pattern }
        let hint = didYouMean(pattern.text, among: known)
        switch field {
        case .role, .severity:
            report("\(quoted(pattern.text)) is not one of \(known.joined(separator: ", "))\(hint)")
        case .code: report("no finding has the code \(quoted(pattern.text)); docs/findings.md lists them\(hint)")
        default: report("there is no \(field.name) that \(quoted(pattern.text)) matches\(hint)")
        }
        return nil
    }
}
