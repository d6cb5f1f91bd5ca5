/// PostgreSQL: `name = value`, of which the last one counts. Relative paths begin at the data directory.
enum PostgreSQL {
    static func isSetting(_ name: String) -> Bool {
        ["data_directory", "hba_file", "listen_addresses", "shared_buffers", "max_connections", "ssl", "ssl_key_file"]
            .contains(name)
            || uses[name] != nil
    }

    private static let uses: [String: FileUse] = [
        "ssl_cert_file": .certificate, "ssl_ca_file": .clientAuthority, "ssl_crl_file": .revocationList,
        "ssl_crl_dir": .revocationList,
    ]

    static func read(_ file: String, into inventory: inout Inventory) {
        var reader = PostgreSQLReader(file: file, inventory: inventory)
        reader.read()
        inventory = reader.inventory
    }

    /// The use of the file that a setting names.
    static func use(of name: String) -> FileUse? { uses[name] }

    /// Reads `name = 'value'`. The equals sign and the quotes are optional, and a quote in the value is doubled.
    static func setting(in line: Substring) -> (name: String, value: String)? {
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
