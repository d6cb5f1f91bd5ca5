import Yams

/// Takes what may be a secret out of a configuration: tokens in the URLs of receivers and of the heartbeat, logins in
/// URLs, and the values of headers. Other secrets are in files of their own.
enum SecretRedaction {
    private static let replacement = "<redacted>"
    /// Keys at the top whose URLs often hold a token.
    private static let sections: Set = ["receivers", "heartbeat"]
    private static let sensitiveWords = ["auth", "token", "secret", "key", "cookie", "password"]

    static func redacted(_ root: Node) -> Node {
        guard case .mapping(var mapping) = root else { return root }
        for (key, value) in mapping {
            mapping[key] = redacted(value, key: key.string ?? "", isSecretURL: sections.contains(key.string ?? ""))
        }
        return .mapping(mapping)
    }

    private static func redacted(_ node: Node, key: String, isSecretURL: Bool) -> Node {
        switch node {
        case .mapping(var mapping):
            for (name, value) in mapping {
                let child = name.string ?? ""
                mapping[name] =
                    switch key {
                    case "http_headers": hidden(valuesOf: value)
                    case "headers" where isSensitive(child): hidden(value)
                    default: redacted(value, key: child, isSecretURL: isSecretURL)
                    }
            }
            return .mapping(mapping)
        case .sequence(let sequence):
            return .list(sequence.map { redacted($0, key: key, isSecretURL: isSecretURL) })
        case .scalar(let scalar):
            let text = scalar.string
            let changed = redacted(text, key: key, isSecretURL: isSecretURL)
            return changed == text ? node : .scalar(Node.Scalar(changed, Tag(.str), .doubleQuoted))
        case .alias:
            return node
        }
    }

    private static func redacted(_ text: String, key: String, isSecretURL: Bool) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authorityEnd = text[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        var authority = text[scheme.upperBound..<authorityEnd]
        if let login = authority.lastIndex(of: "@") { authority = replacement + authority[login...] }
        let rest = text[authorityEnd...]
        let isHidden = isSecretURL && (key == "url" || key == "urls") && rest.count > 1
        return text[..<scheme.upperBound] + authority + (isHidden ? "/" + replacement : String(rest))
    }

    /// `values` and `value` of a header; `files` name the files of secrets.
    private static func hidden(valuesOf header: Node) -> Node {
        guard case .mapping(var mapping) = header else { return hidden(header) }
        for (key, value) in mapping where key.string != "files" { mapping[key] = hidden(value) }
        return .mapping(mapping)
    }

    private static func hidden(_ node: Node) -> Node {
        switch node {
        case .sequence(let sequence): .list(sequence.map { hidden($0) })
        case .mapping(let mapping): .mapping(Node.Mapping(mapping.map { ($0, hidden($1)) }))
        case .scalar, .alias: .scalar(Node.Scalar(replacement, Tag(.str), .doubleQuoted))
        }
    }

    private static func isSensitive(_ name: String) -> Bool {
        let name = name.lowercased()
        return sensitiveWords.contains(where: name.contains)
    }
}
