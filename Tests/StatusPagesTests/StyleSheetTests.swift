import Foundation
import Testing

@testable import StatusPages

struct StyleSheetTests {
    /// The relative luminance (WCAG 2.2) of `#rrggbb`.
    private static func luminance(_ colour: String) throws -> Double {
        let number = try #require(Int(colour.dropFirst(), radix: 16))
        let channels = [number >> 16, number >> 8 & 0xFF, number & 0xFF].map { value -> Double in
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    @Test(arguments: [("light", Palette.light), ("dark", Palette.dark)])
    func `every pair of colours has the contrast that WCAG demands`(mode: String, palette: Palette) throws {
        #expect(Palette.pairs.count > 30)
        for pair in Palette.pairs {
            let front = try Self.luminance(#require(palette.colours[pair.front]))
            let back = try Self.luminance(#require(palette.colours[pair.back]))
            let contrast = (max(front, back) + 0.05) / (min(front, back) + 0.05)
            #expect(
                contrast >= pair.leastContrast,
                "\(mode): \(pair.front) on \(pair.back) has \(contrast), not \(pair.leastContrast)")
        }
    }

    @Test func `both modes define every tone`() {
        for palette in [Palette.light, .dark] { #expect(Set(palette.colours.keys) == Set(Palette.Tone.allCases)) }
    }

    @Test func `every colour is one of the palette's, and nothing is loaded`() {
        let rules = StyleSheet.text.split(separator: "\n").dropFirst(2).joined(separator: "\n")
        #expect(rules.firstMatch(of: /#[0-9a-fA-F]{3,8}[;}]|rgb|hsl/) == nil)
        #expect(!rules.contains("url(") && !rules.contains("@import"))
        let used = Set(rules.matches(of: /var\(--([a-z]+)\)/).map { String($0.1) })
        #expect(used.subtracting(Palette.Tone.allCases.map(\.rawValue)).isEmpty)
    }
}
