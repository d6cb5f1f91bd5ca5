import Foundation

/// A generator with the same numbers in every run (SplitMix64), so that a failure can be repeated with its seed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Returns true with a probability of `percent`.
    package mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &self) < percent
    }
}

/// The amount of work of random tests. `make torture` sets NOTAFTER_TORTURE, and NOTAFTER_SEED repeats the failing seed
/// that a test reports.
package enum Effort {
    package static let isTorture = ProcessInfo.processInfo.environment["NOTAFTER_TORTURE"] != nil

    /// The seeds to use: `count` of them, a multiple of it in a torture run, or only the one to repeat.
    package static func seeds(_ count: UInt64) -> Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["NOTAFTER_SEED"].flatMap(UInt64.init) { return seed..<(seed + 1) }
        let factor = environment["NOTAFTER_TORTURE"].flatMap(UInt64.init) ?? 1
        return 1..<(1 + count * max(1, factor))
    }
}
