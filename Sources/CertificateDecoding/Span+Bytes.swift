import Glibc

extension Span where Element == UInt8 {
    /// A copy of the bytes in `range`.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }

    /// Whether `pattern` is at `index`. False when too few bytes remain.
    package func holds(_ pattern: StaticString, at index: Int) -> Bool {
        guard index >= 0, pattern.utf8CodeUnitCount <= count - index else { return false }
        for offset in 0..<pattern.utf8CodeUnitCount where self[index + offset] != pattern.utf8Start[offset] {
            return false
        }
        return true
    }

    /// The first index of `byte` from `start` on.
    package func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let found = memchr(base + start, Int32(byte), count - start) else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Whether the bytes contain `pattern`.
    func contains(_ pattern: StaticString) -> Bool {
        firstIndex(of: pattern, from: 0) != nil
    }

    /// The first index of `pattern` from `start` on.
    func firstIndex(of pattern: StaticString, from start: Int) -> Int? {
        var start = start
        while let index = firstIndex(of: pattern.utf8Start.pointee, from: start) {
            if holds(pattern, at: index) { return index }
            start = index + 1
        }
        return nil
    }

    /// The first index of `pattern`.
    func firstIndex(of pattern: [UInt8]) -> Int? {
        guard let first = pattern.first else { return nil }
        var start = 0
        while let index = firstIndex(of: first, from: start), index + pattern.count <= count {
            if pattern.indices.allSatisfy({ self[index + $0] == pattern[$0] }) { return index }
            start = index + 1
        }
        return nil
    }
}
