import FileReading

/// Reads `postgresql.conf`, its includes, and then `postgresql.auto.conf` in the data directory, which `ALTER SYSTEM`
/// writes and which takes precedence.
struct PostgreSQLReader {
    private typealias Setting = (value: String, place: Place)

    /// Whether a file has to exist.
    private enum Presence {
        case required
        case optional
    }

    private let file: String
    private(set) var inventory: Inventory
    private var files: BoundedFiles
    private var settings: [String: Setting] = [:]
    /// Settings that a later one has replaced.
    private var replaced: [(name: String, setting: Setting)] = []

    init(file: String, inventory: Inventory) {
        self.file = file
        self.inventory = inventory
        files = BoundedFiles(in: inventory.root)
    }

    /// Adds the files that the settings name to the inventory.
    mutating func read() {
        read(file, namedAt: Place(file: file), presence: .required)
        let beside = ServerDirectory(ofFile: file, in: inventory.root)
        let data = settings["data_directory"].map { beside.directory($0.value) } ?? beside
        let automatic = data.absolute("postgresql.auto.conf")
        read(automatic, namedAt: Place(file: file, subject: "data_directory"), presence: .optional)
        for (name, setting) in settings.sorted(by: { $0.key < $1.key }) {
            guard let use = PostgreSQL.use(of: name) else { continue }
            let key = name == "ssl_cert_file" ? settings["ssl_key_file"]?.value : nil
            inventory.add(setting.value, as: use, key: key, base: data, at: setting.place)
        }
        addDefault(in: data)
        dismissReplaced(in: data)
        inventory.take(files.texts, bases: [data])
    }

    /// Adds the default of `ssl_cert_file`, which is `server.crt` in the data directory.
    private mutating func addDefault(in data: ServerDirectory) {
        guard settings["ssl_cert_file"] == nil else { return }
        let key = settings["ssl_key_file"]?.value ?? "server.key"
        if let ssl = settings["ssl"], Self.isOn(ssl.value) {
            inventory.add("server.crt", as: .certificate, key: key, base: data, at: ssl.place)
        } else if inventory.root.exists(data.absolute("server.crt")) {
            let place = settings["ssl"]?.place ?? Place(file: file, subject: "ssl")
            inventory.dismiss(data.absolute("server.crt"), because: "ssl is not on", at: place)
        }
    }

    private mutating func dismissReplaced(in data: ServerDirectory) {
        for (name, setting) in replaced where PostgreSQL.use(of: name) != nil && !setting.value.isEmpty {
            guard let last = settings[name], last.value != setting.value else { continue }
            inventory.dismiss(
                data.absolute(setting.value), because: "\(last.place) counts, which is read later", at: setting.place)
        }
    }

    /// Reads a boolean like PostgreSQL, which accepts any unique prefix of a word.
    private static func isOn(_ value: String) -> Bool {
        let value = value.lowercased()
        return value == "1" || value == "on" || ["true", "yes"].contains { !value.isEmpty && $0.hasPrefix(value) }
    }

    private mutating func read(_ file: String, namedAt place: Place, presence: Presence) {
        guard files.enter(file) else {
            inventory.warn("\(file) includes itself, or is included too deeply", at: place)
            return
        }
        defer { files.leave() }
        if presence == .optional, inventory.root.isMissing(file) { return }
        let text: String
        do throws(BoundedFiles.Refusal) {
            text = try files.text(of: file)
        } catch {
            inventory.warn("\(file) \(error.clause)", at: place)
            return
        }
        let base = ServerDirectory(ofFile: file, in: inventory.root)
        for (number, line) in ConfigurationLines.plain(text) {
            guard let (name, value) = PostgreSQL.setting(in: line) else { continue }
            follow(name, value, base: base, at: Place(file: file, line: number, subject: name))
        }
    }

    private mutating func follow(_ name: String, _ value: String, base: ServerDirectory, at place: Place) {
        switch name {
        case "include": read(base.absolute(value), namedAt: place, presence: .required)
        case "include_if_exists": read(base.absolute(value), namedAt: place, presence: .optional)
        case "include_dir":
            let pattern = GlobPattern.literal(base.absolute(value)) + "/*.conf"
            do throws(RegularFile.Failure) {
                for file in try inventory.root.paths(matching: pattern) {
                    read(file, namedAt: place, presence: .required)
                }
            } catch {
                inventory.warn("\(value) \(error.clause)", at: place)
            }
        default:
            if let earlier = settings.updateValue((value, place), forKey: name) { replaced.append((name, earlier)) }
        }
    }
}
