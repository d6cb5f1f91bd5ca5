/// Text that is base64 and nothing else.
enum Base64Text {
    /// Shorter text holds no container, and might be a word.
    private static let leastCount = 64

    /// Whether `bytes` are characters of base64, padding and white space, all of them.
    static func isAll(of bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= leastCount else { return false }
        return bytes.withUnsafeBufferPointer { $0.allSatisfy { isCharacter[Int($0)] } }
    }

    private static let isCharacter: [Bool] = {
        var isCharacter = [Bool](repeating: false, count: 256)
        for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n".utf8 {
            isCharacter[Int(character)] = true
        }
        return isCharacter
    }()
}
