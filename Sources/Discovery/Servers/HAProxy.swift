import Certificates
import Scanning

/// HAProxy: one statement in each line. Certificates are arguments of `bind` and `server`, relative to `crt-base` and
/// `ca-base`.
struct HAProxy {
    /// The keywords that begin a section. A name may follow.
    private static let sections: Set<String> = [
        "global", "defaults", "frontend", "backend", "listen", "peers", "resolvers", "mailers", "userlist", "cache",
        "program", "ring", "log-forward", "http-errors", "fcgi-app", "crt-store", "traces", "acme",
    ]

    private let file: String
    private var inventory: Inventory
    private var files: BoundedFiles
    /// The base of relative paths without a `crt-base`. HAProxy's working directory is unknown, so this is the file's
    /// directory.
    private let working: ServerDirectory
    private var certificateBase: ServerDirectory
    private var authorityBase: ServerDirectory
    /// The `crt-base` of the current `crt-store`; nil outside one.
    private var storeBase: ServerDirectory?

    private init(file: String, inventory: Inventory) {
        self.file = file
        self.inventory = inventory
        files = BoundedFiles(in: inventory.root)
        working = ServerDirectory(ofFile: file, in: inventory.root)
        certificateBase = working
        authorityBase = working
    }

    static func read(_ file: String, into inventory: inout Inventory) {
        var reader = HAProxy(file: file, inventory: inventory)
        reader.read()
        inventory = reader.inventory
        inventory.take(reader.files.texts, bases: [reader.certificateBase, reader.authorityBase, reader.working])
    }

    private mutating func read() {
        let text: String
        do throws(BoundedFiles.Refusal) {
            text = try files.text(of: file)
        } catch {
            return inventory.warn(error.clause, at: Place(file: file))
        }
        for (number, line) in ConfigurationLines.plain(text) {
            let words = ConfigurationLines.words(line)
            guard let name = words.first else { continue }
            if Self.sections.contains(name) { storeBase = name == "crt-store" ? certificateBase : nil }
            read(name, Array(words.dropFirst()), at: Place(file: file, line: number, subject: name))
        }
    }

    private mutating func read(_ name: String, _ arguments: [String], at place: Place) {
        guard let first = arguments.first else { return }
        switch name {
        case "crt-base":
            if storeBase == nil {
                certificateBase = working.directory(first)
            } else {
                storeBase = working.directory(first)
            }
        case "ca-base": authorityBase = working.directory(first)
        case "bind", "default-bind": readOptions(arguments, isBind: true, at: place)
        case "server", "default-server", "server-template": readOptions(arguments, isBind: false, at: place)
        case "load" where storeBase != nil: readOptions(arguments, isBind: true, at: place)
        case "issuers-chain-path": add(first, as: .presentedChain, base: working, at: place)
        case "httpclient.ssl.ca-file": add(first, as: .upstreamAuthority, base: authorityBase, at: place)
        default: return
        }
    }

    /// Reads the options of a `bind`, a `server`, a `load`, or a line of a list of certificates.
    private mutating func readOptions(_ words: [String], isBind: Bool, at place: Place) {
        for (option, value) in zip(words, words.dropFirst()) {
            switch option {
            case "crt": addCertificate(value, as: isBind ? .certificate : .upstreamCertificate, at: place)
            case "crt-list": readList(value, at: place)
            case "ca-file", "ca-verify-file":
                add(value, as: isBind ? .clientAuthority : .upstreamAuthority, base: authorityBase, at: place)
            case "ca-sign-file": add(value, as: .presentedChain, base: authorityBase, at: place)
            case "crl-file": add(value, as: .revocationList, base: authorityBase, at: place)
            default: continue
            }
        }
    }

    /// Reads a list of certificates. Each line has a certificate, options in brackets, and the names for which it is
    /// presented.
    private mutating func readList(_ list: String, at place: Place) {
        let path = directory(of: list, base: working).absolute(list)
        let text: String
        do throws(BoundedFiles.Refusal) {
            text = try files.text(of: path)
        } catch {
            return inventory.warn("\(path) \(error.clause)", at: place)
        }
        for (number, line) in ConfigurationLines.plain(text) {
            let words = ConfigurationLines.words(line)
            guard let certificate = words.first else { continue }
            let place = Place(file: path, line: number, subject: "crt")
            var rest = words.dropFirst()
            if rest.first?.hasPrefix("[") == true, let end = rest.firstIndex(where: { $0.hasSuffix("]") }) {
                let options = rest[...end].map { $0.trimmingPrefix("[") }.map { $0.hasSuffix("]") ? $0.dropLast() : $0 }
                readOptions(options.map(String.init), isBind: true, at: place)
                rest = rest[(end + 1)...]
            }
            let hostnames = rest.filter(Hostname.isValidPattern)
            addCertificate(certificate, as: .certificate, hostnames: Array(hostnames), at: place)
        }
    }

    /// Adds a certificate, or the members of a bundle: without a `site.pem`, HAProxy loads `site.pem.rsa` and similar
    /// files.
    private mutating func addCertificate(
        _ value: String, as use: FileUse, hostnames: [String] = [], at place: Place
    ) {
        let base = directory(of: value, base: storeBase ?? certificateBase)
        let bundle =
            exists(value, in: base) ? [] : Self.bundleEndings.map { value + $0 }.filter { exists($0, in: base) }
        for member in bundle.isEmpty ? [value] : bundle {
            let key = exists(member + ".key", in: base) ? member + ".key" : nil
            add(member, as: use, hostnames: hostnames, key: key, base: base, at: place)
        }
    }

    private static let bundleEndings = [".rsa", ".ecdsa", ".dsa"]

    private mutating func add(
        _ value: String, as use: FileUse, hostnames: [String] = [], key: String? = nil, base: ServerDirectory,
        at place: Place
    ) {
        if value.hasPrefix("@") {
            let meaning = value == "@system-ca" ? "the system's CAs" : "what a crt-store has loaded"
            return inventory.note("\(value) means \(meaning)", at: place)
        }
        let base = directory(of: value, base: base)
        inventory.add(value, as: use, hostnames: hostnames, key: key, base: base, at: place)
    }

    /// `base`, or the working directory if `value` exists only there, since not every HAProxy applies the base.
    private func directory(of value: String, base: ServerDirectory) -> ServerDirectory {
        let places = [base, working].filter { directory in
            ([""] + Self.bundleEndings).contains { exists(value + $0, in: directory) }
        }
        return places.first ?? base
    }

    private func exists(_ value: String, in directory: ServerDirectory) -> Bool {
        inventory.root.exists(directory.absolute(value))
    }
}
