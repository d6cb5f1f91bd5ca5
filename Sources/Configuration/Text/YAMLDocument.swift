import Yams

/// The one document of a file, as nodes with their places.
struct YAMLDocument {
    /// Nil where there is nothing but comments.
    let root: Node?
    /// The true names of the keys that had to be renamed, by place.
    let renamedKeys: [Position: String]

    /// More repeats than this are reported by the first alone: each costs one more parse.
    private static let repeatLimit = 32

    /// Parses `text`, which `YAMLText` has checked.
    ///
    /// The parser gives up at the first repeated key, and we want to report that one together with everything else. So a
    /// repeated key is renamed, for the parser only, to one that nobody writes, and its true name is kept by its place.
    init(parsing text: String) throws(SyntaxProblem) {
        var parsed = text
        var renamed: [Position: String] = [:]
        while true {
            do {
                // The basic resolver leaves types to us: what a plain scalar may be depends on the key that holds it.
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

    /// `text` with the first letter of the key at `position` replaced, so that no place moves; nil for a key that is not a word.
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
