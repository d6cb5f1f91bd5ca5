import FileReading
import Scanning

/// PostgreSQL: `name = value`, the last one counts. Relative paths begin at `data_directory`, or else at the file's directory.
enum PostgreSQL {
    static func isSetting(_ name: String) -> Bool {
        ["data_directory", "hba_file", "listen_addresses", "shared_buffers", "max_connections"].contains(name)
            || uses[name] != nil
    }

    private static let uses: [String: FileUse] = [
        "ssl_cert_file": .certificate, "ssl_ca_file": .clientAuthority, "ssl_crl_file": .revocationList,
        "ssl_crl_dir": .revocationList,
    ]

    static func read(_ file: String, into inventory: inout Inventory) {
        var files = BoundedFiles()
        var settings: [String: (value: String, place: Place)] = [:]
        read(file, namedAt: Place(file: file), &files, &settings, into: &inventory)
        let beside = BaseDirectory(ofFile: file)
        let base = settings["data_directory"].map { beside.directory($0.value) } ?? beside
        for (name, setting) in settings.sorted(by: { $0.key < $1.key }) {
            guard let use = uses[name] else { continue }
            let key = use == .certificate ? settings["ssl_key_file"]?.value : nil
            inventory.add(setting.value, as: use, key: key, base: base, at: setting.place)
        }
    }

    private static func read(
        _ file: String, namedAt place: Place, _ files: inout BoundedFiles,
        _ settings: inout [String: (value: String, place: Place)], into inventory: inout Inventory
    ) {
        guard files.enter(file) else {
            inventory.warn("\(file) includes itself, or is included too deeply", at: place)
            return
        }
        defer { files.leave() }
        let text: String
        do throws(BoundedFiles.Refusal) {
            text = try files.text(of: file)
        } catch {
            inventory.warn("\(file) \(error.clause)", at: place)
            return
        }
        let base = BaseDirectory(ofFile: file)
        for (number, line) in ConfigurationLines.plain(text) {
            guard let (name, value) = setting(in: line) else { continue }
            let place = Place(file: file, line: number, subject: name)
            switch name {
            case "include", "include_if_exists":
                read(base.absolute(value), namedAt: place, &files, &settings, into: &inventory)
            case "include_dir":
                let pattern = GlobPattern.literal(base.absolute(value)) + "/*.conf"
                for file in files.matching(pattern, at: place, into: &inventory) {
                    read(file, namedAt: place, &files, &settings, into: &inventory)
                }
            default: settings[name] = (value, place)
            }
        }
    }

    /// `name = 'value'`, where the sign and the quotes may be missing, and a quote in the value stands twice.
    private static func setting(in line: Substring) -> (name: String, value: String)? {
        let line = line.drop(while: \.isWhitespace)
        let name = line.prefix { $0.isLetter || $0 == "_" || $0 == "." }
        guard !name.isEmpty else { return nil }
        var rest = line.dropFirst(name.count).drop(while: \.isWhitespace)
        if rest.first == "=" { rest = rest.dropFirst().drop(while: \.isWhitespace) }
        guard rest.first == "'" else {
            return (name.lowercased(), String(rest.prefix { !$0.isWhitespace && $0 != "#" }))
        }
        var value = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            if character == "'" || character == "\\" {
                guard character == "\\" || rest.first == "'", let literal = rest.popFirst() else { break }
                value.append(literal)
            } else {
                value.append(character)
            }
        }
        return (name.lowercased(), value)
    }
}
