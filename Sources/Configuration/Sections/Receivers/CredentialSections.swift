import Delivery
import Messages
import TransportSecurity

/// `basic_auth` and `proxy_basic_auth`, with Prometheus' names.
enum BasicAuthSection {
    enum Key: String, CaseIterable {
        case username
        case passwordFile = "password_file"
    }

    private static let refusals = [
        "password":
            "is not taken, since people share their configuration: put it into a file and name that in password_file"
    ]

    static func read(_ cursor: Cursor) -> BasicLogin? {
        guard let section = Section<Key>(cursor, refusals: refusals) else { return nil }
        let username = section.required(.username)?.scalarText()
        if username?.contains(":") == true {
            section[.username]?.report("has a colon, which ends a user name in HTTP (RFC 7617)")
        }
        let file = section.required(.passwordFile)?.namedFile(.secret)
        guard let username, let file else { return nil }
        return BasicLogin(username: username, passwordFile: SecretFile(path: file, key: Key.passwordFile.rawValue))
    }
}

/// `http_headers`: names of headers, each with its values, as in Prometheus.
enum SecretHeadersSection {
    private enum Key: String, CaseIterable {
        case values, files
    }

    private static let refusals = [
        "secrets": "is not taken, since people share their configuration: put each into a file and name it in files"
    ]

    static func read(_ cursor: Cursor) -> [SecretHeader]? {
        cursor.entries()?.compactMap { name, value -> SecretHeader? in
            guard let section = Section<Key>(value.cursor, refusals: refusals) else { return nil }
            guard value.canBeSetAsHeader(name) else { return nil }
            let values = section[.values]?.distinctList { $0.scalarText() } ?? []
            let files = section[.files]?.distinctList { $0.namedFile(.secret) } ?? []
            if name.lowercased() == "authorization" || name.lowercased() == "cookie" {
                section[.values]?.report("is not taken, since people share their configuration: name a file in files")
            }
            if section[.values] == nil, section[.files] == nil {
                section.report("missing (or values)", for: .files)
            }
            return SecretHeader(
                name: name, values: values, files: files.map { SecretFile(path: $0, key: "http_headers.\(name)") })
        }.sorted { $0.name < $1.name }
    }
}

/// The body of a webhook, written as YAML or as a text with JSON.
extension Cursor {
    func jsonBody() -> JSONTemplate? {
        switch kind {
        case .mapping, .list: return jsonTemplate()
        case .text:
            guard let text = multilineText() else { return nil }
            switch JSONValue(parsing: text) {
            case .object?, .list?: break
            case nil, .null?, .flag?, .integer?, .number?, .text?:
                report("is no JSON object; quote each tag, as in \"{{days_left}}\", and a value keeps its type")
                return nil
            }
            return JSONValue(parsing: text).flatMap(template)
        case .nothing, .boolean, .number, .foreign:
            report("must be a JSON object, not \(kind.noun)")
            return nil
        }
    }

    private func jsonTemplate() -> JSONTemplate? {
        switch kind {
        case .mapping:
            guard let entries = entries() else { return nil }
            return .object(
                Dictionary(
                    entries.compactMap { name, value in value.cursor.jsonTemplate().map { (name, $0) } },
                    uniquingKeysWith: { first, _ in first }))
        case .list: return list().map { .list($0.compactMap { $0.jsonTemplate() }) }
        case .text: return (node.scalar?.string).flatMap { template(.text($0)) }
        case .nothing: return .null
        case .boolean: return flag().map(JSONTemplate.flag)
        case .number:
            guard let text = scalarText() else { return nil }
            // YAML has spellings of numbers that JSON does not have, such as 0x10.
            guard let value = JSONValue(parsing: text) else {
                report("\(quoted(text)) is not a number of JSON: put it into quotes")
                return nil
            }
            return template(value)
        case .foreign:
            report("must be a value of JSON, not \(kind.noun)")
            return nil
        }
    }

    private func template(_ value: JSONValue) -> JSONTemplate? {
        do throws(TemplateError) {
            return try JSONTemplate(value)
        } catch {
            report("in line \(error.line), column \(error.column) of the template: \(error.reason)")
            return nil
        }
    }
}
