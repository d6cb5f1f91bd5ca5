import Foundation

/// A generator that gives the same numbers in every run (SplitMix64), so that a failure can be repeated by its seed.
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

    /// True in `percent` of a hundred cases.
    package mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &self) < percent
    }
}

/// How hard a random test tries: `make torture` sets NOTAFTER_TORTURE, a failure names the NOTAFTER_SEED that repeats it.
package enum Effort {
    package static let isTorture = ProcessInfo.processInfo.environment["NOTAFTER_TORTURE"] != nil

    /// The seeds to try: `count` of them, many times as many in a torture, or the one that is to be repeated.
    package static func seeds(_ count: UInt64) -> Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["NOTAFTER_SEED"].flatMap(UInt64.init) { return seed..<(seed + 1) }
        let factor = environment["NOTAFTER_TORTURE"].flatMap(UInt64.init) ?? 1
        return 1..<(1 + count * max(1, factor))
    }
}
