import Configuration
import Foundation
import Testing

/// The schema and the reference have exactly the keys of the reader.
@Suite struct DocumentationTests {
    @Test func `the schema has the keys of the reader, and no others`() throws {
        let data = try Data(contentsOf: repository.appending(path: "config/notafter.schema.json"))
        let schema = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        var found: [String: Set<String>] = [:]
        let definitions = try #require(schema["definitions"] as? [String: [String: Any]])
        collect(schema, path: "", into: &found, definitions: definitions)
        #expect(found == ConfigurationKeys.byPath.mapValues(Set.init))
    }

    /// The `properties` of `schema` and of all nested schemas, by path.
    private func collect(
        _ schema: [String: Any], path: String, into found: inout [String: Set<String>],
        definitions: [String: [String: Any]]
    ) {
        if let reference = schema["$ref"] as? String, let target = definitions[String(reference.dropFirst(14))] {
            collect(target, path: path, into: &found, definitions: definitions)
        }
        if let items = schema["items"] as? [String: Any] {
            collect(items, path: path + "[]", into: &found, definitions: definitions)
        }
        guard let properties = schema["properties"] as? [String: Any] else { return }
        #expect(schema["additionalProperties"] as? Bool == false, "\(path) takes unknown keys")
        found[path] = Set(properties.keys)
        for (key, value) in properties {
            let child = value as? [String: Any] ?? [:]
            collect(child, path: path.isEmpty ? key : path + "." + key, into: &found, definitions: definitions)
        }
    }

    @Test func `the reference has a table for every mapping, with its keys in order and no others`() throws {
        let text = try String(contentsOf: repository.appending(path: "docs/configuration.md"), encoding: .utf8)
        var found: [String: [String]] = [:]
        // One table may describe several mappings.
        var paths: [String] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                let title = line.drop { $0 == "#" || $0 == " " }
                let named = title.split(separator: ", ").map { String($0.filter { $0 != "`" }) }
                paths = title == "Top level" ? [""] : title.hasPrefix("`") ? named : []
            } else if line.hasPrefix("| `") {
                let key = String(line.dropFirst(3).prefix { $0 != "`" })
                for path in paths { found[path, default: []].append(key) }
            }
        }
        #expect(found == ConfigurationKeys.byPath)
    }
}
