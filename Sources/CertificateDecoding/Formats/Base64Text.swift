/// Detects text that is entirely base64.
enum Base64Text {
    /// A shorter text cannot contain a container, and might be a word.
    private static let leastCount = 64

    /// Whether all `bytes` are characters of base64, padding or white space.
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
