/// A value in a service's answer, of which only plain ones matter.
enum JSONScalar: Decodable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// null, a list or an object.
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Each fails where the value is of another type; what is of none of them is `other`.
        if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .other
        }
    }
}
