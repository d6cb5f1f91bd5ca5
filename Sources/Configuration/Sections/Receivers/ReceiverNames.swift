/// The names of receivers and of `receiver_groups`, which can be used wherever receivers are named.
struct ReceiverNames {
    private let receivers: [String]
    /// Also includes invalid groups, so that a reference to one is not reported as well.
    private var groups: [String: [String]] = [:]

    /// `groups` is the mapping `receiver_groups`, if there is one.
    init(receivers: [String], groups cursor: Cursor?) {
        self.receivers = receivers
        guard let cursor, cursor.kind != .nothing else { return }
        for (name, value) in cursor.entries() ?? [] {
            if !name.isEntryName {
                value.reportAtKey("is not a name: at most 64 letters, digits, \".\", \"_\" and \"-\"")
            } else if receivers.contains(name) {
                value.reportAtKey("is the name of a receiver as well")
            } else {
                groups[name] = value.cursor.distinctList { $0.reference(to: "receiver", among: receivers) } ?? []
            }
        }
    }

    var isEmpty: Bool { receivers.isEmpty }
    var all: [String] { receivers + groups.keys.sorted() }

    /// The noun for them in messages.
    var noun: String { groups.isEmpty ? "receiver" : "receiver or group" }

    /// The receivers that `name` denotes, itself or the members of a group.
    func members(of name: String) -> [String] { groups[name] ?? [name] }
}

extension Cursor {
    /// The receivers that a list names, without duplicates and with groups resolved. `isFit` can reject a receiver and
    /// reports it at the element that it is given.
    func receivers(_ known: ReceiverNames, isFit: (Cursor, String) -> Bool = { _, _ in true }) -> [String]? {
        distinctList { element -> String? in
            guard let name = element.reference(to: known.noun, among: known.all) else { return nil }
            return known.members(of: name).allSatisfy { isFit(element, $0) } ? name : nil
        }?.flatMap(known.members).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
