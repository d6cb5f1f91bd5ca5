import Foundation

/// The path of a value in JSON: keys separated by dots, and array indexes in brackets, as in `checks[0].status`.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    private enum Step: Hashable {
        case key(String)
        case position(Int)
    }

    package let description: String
    private let steps: [Step]

    /// - Returns: nil when `text` is not a path. A leading `$.` is ignored.
    package init?(parsing text: String) {
        description = text
        var steps: [Step] = []
        for part in (text.hasPrefix("$.") ? text.dropFirst(2) : text[...]).split(
            separator: ".", omittingEmptySubsequences: false)
        {
            let key = part.prefix { $0 != "[" }
            if !key.isEmpty { steps.append(.key(String(key))) }
            var rest = part.dropFirst(key.count)
            guard !part.isEmpty else { return nil }
            while !rest.isEmpty {
                guard rest.first == "[", let end = rest.firstIndex(of: "]"),
                    let position = Int(rest[..<end].dropFirst()), position >= 0
                else { return nil }
                steps.append(.position(position))
                rest = rest[end...].dropFirst()
            }
        }
        guard !steps.isEmpty else { return nil }
        self.steps = steps
    }

    /// The scalar at this path, as text. nil when there is none, or when the text is not JSON.
    func scalar(in json: [UInt8]) -> String? {
        // Content that is not JSON has no value.
        guard var value = try? JSONDecoder().decode(JSONNode.self, from: Data(json)) else { return nil }
        for step in steps {
            switch (step, value) {
            case (.key(let key), .object(let members)):
                guard let next = members[key] else { return nil }
                value = next
            case (.position(let position), .list(let elements)):
                guard elements.indices.contains(position) else { return nil }
                value = elements[position]
            default: return nil
            }
        }
        guard case .scalar(let text) = value else { return nil }
        return text
    }
}

/// Any JSON value. Scalars are kept as text.
private enum JSONNode: Decodable {
    case object([String: JSONNode])
    case list([JSONNode])
    case scalar(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .scalar("null")
        } else if let flag = try? container.decode(Bool.self) {
            self = .scalar("\(flag)")
        } else if let number = try? container.decode(Int64.self) {
            self = .scalar("\(number)")
        } else if let number = try? container.decode(Double.self) {
            self = .scalar("\(number)")
        } else if let text = try? container.decode(String.self) {
            self = .scalar(text)
        } else if let elements = try? container.decode([JSONNode].self) {
            self = .list(elements)
        } else {
            self = .object(try container.decode([String: JSONNode].self))
        }
    }
}
