import CertificateDecoding
import Foundation
import Testing

/// docs/conformance.md lists the formats of the decoder.
struct ConformanceTests {
    @Test func `every format has its row`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/conformance.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { String($0.dropFirst(3).prefix { $0 != "`" }) }
        #expect(rows == ContainerFormat.allCases.map(\.rawValue))
    }
}
