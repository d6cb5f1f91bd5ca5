import CertificateDecoding
import Certificates
import FileReading

/// The text of a configuration, in which certificates are searched that no reader registered.
struct ConfigurationText: Sendable {
    let file: String
    let text: String
    /// The possible bases of relative paths in it.
    var bases: [ServerDirectory] = []
}

/// Finds certificates and lists that a configuration names in any statement and that no reader has registered. Every
/// word that is a path is checked for a certificate, so that readers need not know every statement of their server.
struct UnregisteredCertificates {
    private static let mostLookups = 100_000
    private static let byteLimit = 1 << 20
    private static let longestPath = 4_096

    private let decoder: CertificateDecoder
    private var inventory: Inventory
    /// The paths that are registered or need no registration, with links resolved.
    private let known: Set<String>
    /// The paths with a remark, with links resolved.
    private var remarked: Set<String> = []
    private var lookedUp: Set<String> = []

    /// Adds a warning for each certificate that is found.
    static func remark(in inventory: inout Inventory, decoder: CertificateDecoder) {
        var search = UnregisteredCertificates(inventory, decoder: decoder)
        for text in inventory.texts where !search.isExhausted { search.look(through: text) }
        if search.isExhausted, let last = inventory.texts.last {
            search.inventory.warn(
                "has more words than are looked up: what else they name may be missing", at: Place(file: last.file))
        }
        inventory = search.inventory
    }

    private init(_ inventory: Inventory, decoder: CertificateDecoder) {
        self.inventory = inventory
        self.decoder = decoder
        let paths = inventory.certificates.map(\.path) + inventory.dismissed
        known = Set(paths.map { SystemRoot.realPath(inventory.root.resolved($0)) ?? $0 })
    }

    private var isExhausted: Bool { lookedUp.count >= Self.mostLookups }

    private mutating func look(through text: ConfigurationText) {
        for (number, line) in ConfigurationLines.plain(text.text) {
            guard line.first(where: { !$0.isWhitespace }) != "#" else { continue }
            let words = ConfigurationLines.words(line)
            let subject = words.first.map { String($0.prefix { !":={".contains($0) }) } ?? ""
            let place = Place(file: text.file, line: number, subject: subject)
            let parts = words.flatMap { $0.split { ",;=:{}[]()<>\"'".contains($0) }.map(String.init) }
            for word in words + parts where Self.mayBePath(word) {
                for base in text.bases { look(at: base.absolute(word), namedAt: place) }
            }
        }
    }

    private static func mayBePath(_ word: String) -> Bool {
        word.utf8.count <= longestPath && word.contains { $0 == "/" || $0 == "." }
            && !word.contains { $0 == "$" || $0 == "\0" }
    }

    private mutating func look(at path: String, namedAt place: Place) {
        guard !isExhausted, lookedUp.insert(path).inserted,
            let file = SystemRoot.realPath(inventory.root.resolved(path)),
            let directory = file.lastIndex(of: "/").map({ String(file[..<$0]) }),
            !known.contains(file), !known.contains(directory), !remarked.contains(file),
            // Unreadable files are skipped, since keys often are beside certificates.
            let bytes = try? RegularFile.read(file, limit: Self.byteLimit)
        else { return }
        remarked.insert(file)
        let bundle = decoder.bundle(bytes)
        if let certificate = bundle.certificates.first {
            warn(path, "a certificate", of: certificate.subject, at: place)
        } else if let list = bundle.revocationLists.first {
            warn(path, "a revocation list", of: list.issuer, at: place)
        }
    }

    private mutating func warn(_ path: String, _ content: String, of name: String, at place: Place) {
        let owner = name.isEmpty ? "" : " of \(name)"
        inventory.warn(
            "\(path) holds \(content)\(owner) and is not registered: no statement that is understood here uses it. "
                + "Register it by hand if it matters", at: place)
    }
}
