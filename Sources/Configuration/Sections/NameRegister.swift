/// The names of one kind of entry, which must be unique.
struct NameRegister {
    private var holders: [String: Cursor] = [:]

    var names: [String] { holders.keys.sorted() }

    /// Reads the name of an entry and registers it.
    ///
    /// - Returns: nil, after a report, when the name is invalid or another entry has it.
    mutating func take(_ cursor: Cursor?) -> String? {
        guard let cursor, let name = cursor.name() else { return nil }
        if let holder = holders[name] {
            cursor.report("\(quoted(name)) is already \(holder.path), in \(cursor.place(of: holder))")
            return nil
        }
        holders[name] = cursor
        return name
    }

    /// Registers the name of the registration that a section makes.
    ///
    /// - Returns: false, after a report, when an entry has the name.
    mutating func reserve(_ name: String, for cursor: Cursor) -> Bool {
        if let holder = holders[name] {
            cursor.report(
                "its registration is named \(quoted(name)), as \(holder.path) in \(cursor.place(of: holder)) is")
            return false
        }
        holders[name] = cursor
        return true
    }
}

extension Cursor {
    /// A reference to an entry in `names`. `kind` is the word for such an entry in messages.
    func reference(to kind: String, among names: [String]) -> String? {
        guard let name = text() else { return nil }
        guard names.contains(name) else {
            report("there is no \(kind) named \(quoted(name))\(didYouMean(name, among: names))")
            return nil
        }
        return name
    }
}
