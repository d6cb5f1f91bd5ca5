/// Changes `bytes` randomly one to four times: it flips, overwrites, inserts, removes or truncates.
package func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let index = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[index] = [0x00, 0x7F, 0x80, 0x84, 0xFF].randomElement(using: &generator) ?? 0
        case 2: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        case 4: bytes.removeSubrange(index..<min(bytes.count, index + 8))
        default: bytes.removeSubrange(index...)
        }
    }
    return bytes
}
