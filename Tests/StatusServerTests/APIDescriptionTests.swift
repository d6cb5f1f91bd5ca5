import Foundation
import StatusPages
import StatusServer
import Testing
import Yams

/// docs/openapi.yaml
struct APIDescriptionTests {
    @Test func `the description has the paths and methods that are served, and no others`() throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/openapi.yaml"), encoding: .utf8)
        let document = try #require(try Yams.load(yaml: text) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let described = paths.mapValues { path in
            path.keys.filter { $0 != "parameters" }.map { $0.uppercased() }.sorted()
        }
        let served = try ServedDaemon().server.methods.filter { !PageAddress.routes.contains($0.key) }
        #expect(described == served.mapValues { $0.sorted() })
    }
}
