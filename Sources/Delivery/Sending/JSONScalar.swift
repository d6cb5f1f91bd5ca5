/// A value in a service's answer. Only scalars are read.
enum JSONScalar: Decodable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// null, a list or an object.
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Decoding throws when the value has another type. A value of none of these types is `other`.
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
