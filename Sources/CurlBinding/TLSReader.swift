/// Parses the presentation language of RFC 8446 3: integers, and vectors with a length prefix.
struct TLSReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: [UInt8]) {
        self.init(slice: bytes[...])
    }

    private init(slice: ArraySlice<UInt8>) {
        self.bytes = slice
        self.position = slice.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    var remaining: [UInt8] { Array(bytes[position...]) }

    mutating func skip(_ count: Int) -> Bool {
        guard bytes.endIndex - position >= count else { return false }
        position += count
        return true
    }

    mutating func integer(octets: Int) -> Int? {
        let start = position
        guard skip(octets) else { return nil }
        var value = 0
        for index in start..<position { value = value << 8 | Int(bytes[index]) }
        return value
    }

    mutating func vector(lengthOctets: Int) -> TLSReader? {
        guard let length = integer(octets: lengthOctets) else { return nil }
        let start = position
        guard skip(length) else { return nil }
        return TLSReader(slice: bytes[start..<position])
    }

    mutating func extensionData(type wanted: Int) -> TLSReader? {
        while let type = integer(octets: 2), let data = vector(lengthOctets: 2) {
            if type == wanted { return data }
        }
        return nil
    }
}
