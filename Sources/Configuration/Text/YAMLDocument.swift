import Yams

/// The single YAML document of a file, as nodes with their positions.
struct YAMLDocument {
    /// nil for a file that contains only comments.
    let root: Node?
    /// The original names of the keys that were renamed for the parser, by position.
    let renamedKeys: [Position: String]

    /// The most repeated keys that are reported together, since each costs one more parse.
    private static let repeatLimit = 32

    /// Parses `text`, which `YAMLText` has checked.
    ///
    /// The parser stops at the first repeated key, but it should be reported together with all other problems. So a
    /// repeated key is renamed, for the parser only, to one that does not occur, and its original name is kept by its
    /// position.
    init(parsing text: String) throws(SyntaxProblem) {
        var parsed = text
        var renamed: [Position: String] = [:]
        while true {
            do {
                // The basic resolver assigns no types, since the type of a plain scalar depends on its key.
                let parser = try Parser(yaml: parsed, resolver: .basic, encoding: .utf8)
                self.root = try parser.singleRoot()
                self.renamedKeys = renamed
                return
            } catch let YamlError.duplicatedKeysInMapping(keys, context) {
                let position = Position(context.mark)
                guard
                    renamed.count < Self.repeatLimit, let key = keys.first,
                    let changed = Self.renamingKey(at: position, in: parsed, number: renamed.count)
                else {
                    throw SyntaxProblem(.duplicatedKeysInMapping(duplicates: keys, context: context), in: text)
                }
                renamed[position] = key
                parsed = changed
            } catch let error as YamlError {
                throw SyntaxProblem(error, in: text)
            } catch let problem as SyntaxProblem {
                throw problem
            } catch {
                throw SyntaxProblem(.start, "cannot be parsed as YAML")
            }
        }
    }

    /// Replaces the first letter of the key at `position`, so that all positions stay the same. nil for a key that is
    /// not a word.
    private static func renamingKey(at position: Position, in text: String, number: Int) -> String? {
        guard var index = position.index(in: text) else { return nil }
        if "\"'".unicodeScalars.contains(text.unicodeScalars[index]) {
            index = text.unicodeScalars.index(after: index)
        }
        guard
            index < text.endIndex, text.unicodeScalars[index].properties.isAlphabetic,
            let replacement = Unicode.Scalar(0xE000 + UInt32(number))
        else { return nil }
        var scalars = text.unicodeScalars
        scalars.replaceSubrange(index...index, with: [replacement])
        return String(scalars)
    }
}
