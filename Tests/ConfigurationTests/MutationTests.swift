import Configuration
import Foundation
import Testing

/// A generator with the same numbers in every run (SplitMix64), so that a failure can be repeated with its seed.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct MutationTests {
    private static let texts = [
        "*a", "&a ", "!!binary ", "- ", "? ", ": ", "{", "}", "[", "]", "\"", "'", "#", "|\n", "\t", "\r", "\u{85}",
        "~", "\\", "name: ", "<<: ", "---\n", "\u{FFFD}", "\u{202E}", "0", "%", "@",
    ]
    private static let fragments: [[UInt8]] = texts.map { Array($0.utf8) } + [[0x00], [0xFF], [0xC0, 0x80]]

    @Test(arguments: 0..<300)
    func `a damaged example is taken, or refused with places inside the file`(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        var bytes = try Array(Data(contentsOf: repository.appending(path: "config/notafter.yaml")))
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0...4, using: &generator))
            bytes.replaceSubrange(start..<end, with: Self.fragments.randomElement(using: &generator) ?? [])
        }
        let scratch = try Scratch()
        do {
            _ = try scratch.load(bytes)
        } catch let error as ConfigurationError {
            // libyaml counts the end of the file as a line.
            let lines = bytes.count { $0 == 0x0A || $0 == 0x0D || $0 == 0x85 } + 2
            #expect(!error.problems.isEmpty)
            for problem in error.problems {
                #expect((1...lines).contains(problem.line) && problem.column >= 1, "\(problem)")
                #expect(!problem.message.isEmpty)
            }
        }
    }
}
