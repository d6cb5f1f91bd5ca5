/// The names of one kind of entry, each of which may stand once.
struct NameRegister {
    private var holders: [String: Cursor] = [:]

    var names: [String] { holders.keys.sorted() }

    /// Reads the name that `cursor` holds and takes it.
    ///
    /// - Returns: nil, and reported, when it is no name or another entry has it.
    mutating func take(_ cursor: Cursor?) -> String? {
        guard let cursor, let name = cursor.name() else { return nil }
        if let holder = holders[name] {
            cursor.report("\(quoted(name)) is already \(holder.path), in \(cursor.place(of: holder))")
            return nil
        }
        holders[name] = cursor
        return name
    }
}

extension Cursor {
    /// The name of an entry that exists among `names`; `kind` is what a message calls such an entry.
    func reference(to kind: String, among names: [String]) -> String? {
        guard let name = text() else { return nil }
        guard names.contains(name) else {
            report("there is no \(kind) named \(quoted(name))\(didYouMean(name, among: names))")
            return nil
        }
        return name
    }
}
