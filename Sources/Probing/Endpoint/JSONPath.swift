import Foundation

/// Where a value stands in JSON: keys with dots between them, positions in brackets, as in `checks[0].status`.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    private enum Step: Hashable {
        case key(String)
        case position(Int)
    }

    package let description: String
    private let steps: [Step]

    /// - Returns: nil for what is no such path. A leading `$.` is as good as nothing.
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

    /// The scalar there, as text; nil where there is none, or no JSON.
    func scalar(in json: [UInt8]) -> String? {
        // What is no JSON has no value anywhere.
        guard var value = try? JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed) else {
            return nil
        }
        for step in steps {
            switch step {
            case .key(let key):
                guard let next = (value as? [String: Any])?[key] else { return nil }
                value = next
            case .position(let position):
                guard let list = value as? [Any], list.indices.contains(position) else { return nil }
                value = list[position]
            }
        }
        return switch value {
        case let text as String: text
        case let flag as Bool where "\(value)" == "true" || "\(value)" == "false": flag ? "true" : "false"
        case let number as NSNumber: number.stringValue
        default: nil
        }
    }
}
