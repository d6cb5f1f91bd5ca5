import Foundation
import StatusPages
import StatusServer
import Testing
import Yams

/// docs/openapi.yaml
struct APIDescriptionTests {
    @Test func `the description has the paths that are served, and no others`() throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/openapi.yaml"), encoding: .utf8)
        let document = try #require(try Yams.load(yaml: text) as? [String: Any])
        let described = try #require(document["paths"] as? [String: Any])
        let served = Set(try ServedDaemon().server.paths)
        #expect(Set(described.keys) == served.subtracting(PageAddress.routes))
    }
}
