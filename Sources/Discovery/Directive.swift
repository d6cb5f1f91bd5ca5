/// One statement of the configuration of nginx or Apache: words, and possibly a block of further statements.
struct Directive: Sendable {
    let name: String
    let arguments: [String]
    let file: String
    let line: Int
    /// Nil for a statement without a block.
    var block: [Directive]?

    var place: Place { Place(file: file, line: line, subject: name) }
}

/// The syntax of a server's configuration.
protocol DirectiveSyntax {
    /// The statements of one file without its includes, and the defect that ended the parsing, if any.
    static func parse(_ text: String, file: String) -> (directives: [Directive], defect: String?)

    /// Whether a statement includes other files.
    static func isInclude(_ directive: Directive) -> Bool

    /// The base of relative paths.
    ///
    /// - Parameters:
    ///   - directives: the statements of the main file.
    ///   - directory: the directory of the main file.
    /// - Returns: the directory that they are relative to.
    static func base(of directives: [Directive], beside directory: ServerDirectory) -> ServerDirectory
}

/// Reads a configuration with all its includes. Limits end includes that loop or multiply.
struct DirectiveReader<Syntax: DirectiveSyntax> {
    private var files: BoundedFiles
    private(set) var inventory: Inventory
    private(set) var base: ServerDirectory

    init(file: String, inventory: Inventory) {
        self.files = BoundedFiles(in: inventory.root)
        self.inventory = inventory
        self.base = ServerDirectory(ofFile: file, in: inventory.root)
    }

    /// The statements of `file`. Includes are replaced by the statements of the included files.
    mutating func read(_ file: String) -> [Directive] {
        let directives = parse(file, namedAt: Place(file: file))
        base = Syntax.base(of: directives, beside: base)
        files.enter(file)
        defer {
            files.leave()
            inventory.take(files.texts, bases: [base])
        }
        return expanded(directives)
    }

    private mutating func parse(_ file: String, namedAt place: Place) -> [Directive] {
        do throws(BoundedFiles.Refusal) {
            let (directives, defect) = Syntax.parse(try files.text(of: file), file: file)
            if let defect { inventory.warn(defect, at: Place(file: file)) }
            return directives
        } catch {
            inventory.warn("\(file) \(error.clause)", at: place)
            return []
        }
    }

    private mutating func expanded(_ directives: [Directive]) -> [Directive] {
        var result: [Directive] = []
        for var directive in directives {
            if Syntax.isInclude(directive) {
                for argument in directive.arguments { result += included(argument, by: directive) }
                continue
            }
            if let block = directive.block { directive.block = expanded(block) }
            result.append(directive)
        }
        return result
    }

    private mutating func included(_ argument: String, by directive: Directive) -> [Directive] {
        guard !argument.contains("$") else {
            inventory.warn("\(argument) holds a variable and is not followed", at: directive.place)
            return []
        }
        var result: [Directive] = []
        for file in files.matching(argument, in: base, at: directive.place, into: &inventory) {
            guard files.enter(file) else {
                inventory.warn("\(file) includes itself, or is included too deeply", at: directive.place)
                continue
            }
            defer { files.leave() }
            result += expanded(parse(file, namedAt: directive.place))
        }
        return result
    }
}
