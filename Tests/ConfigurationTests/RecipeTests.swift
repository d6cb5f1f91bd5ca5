import Configuration
import Foundation
import Testing

/// The recipes of docs/sources.md are valid configurations.
@Suite struct RecipeTests {
    private static let page = "docs/sources.md"

    /// The YAML blocks of the page, in its order.
    static let recipes: [String] = {
        let text = (try? String(contentsOf: repository.appending(path: page), encoding: .utf8)) ?? ""
        return text.components(separatedBy: "```yaml\n").dropFirst().map { block in
            block.components(separatedBy: "\n```")[0]
        }
    }()

    @Test func `the page has its recipes`() {
        for service in ["vault", "bao", "step-", "kubernetes"] {
            #expect(Self.recipes.contains { $0.contains(service) }, "\(service)")
        }
    }

    @Test(arguments: recipes)
    func `a recipe loads, and what it names is watched`(recipe: String) throws {
        let settings = try Scratch().load(recipe)
        let asked = Set(settings.urls.map(\.registration) + settings.commands.map(\.registration))
        let named = recipe.matches(of: /- name: ([\w-]+)/).map { String($0.1) }
        #expect(!named.isEmpty && asked == Set(named))
    }
}
