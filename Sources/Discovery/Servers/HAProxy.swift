import Certificates
import Scanning

/// HAProxy: a statement a line; certificates are arguments of `bind` and `server`, and relative to `crt-base` and `ca-base`.
enum HAProxy {
    static func read(_ file: String, into inventory: inout Inventory) {
        guard let text = inventory.text(of: file) else { return }
        // Without a base, HAProxy takes its working directory, which we do not know; the file's is the best guess.
        var bases = ["crt": BaseDirectory(ofFile: file), "ca": BaseDirectory(ofFile: file)]
        for (number, line) in ConfigurationLines.plain(text) {
            let words = ConfigurationLines.words(line)
            guard let name = words.first else { continue }
            let place = Place(file: file, line: number, subject: name)
            switch name {
            case "crt-base", "ca-base":
                guard words.count > 1 else { continue }
                bases[String(name.prefix { $0 != "-" })] = BaseDirectory(ofFile: file).directory(words[1])
            case "bind", "default-server", "server":
                for (option, value) in zip(words.dropFirst(), words.dropFirst(2)) {
                    guard option != "crt-list", !value.hasPrefix("@") else {
                        inventory.warn("\(option) \(value) is not followed", at: place)
                        continue
                    }
                    guard let use = use(of: option, isBind: name == "bind") else { continue }
                    let base = bases[option == "crt" ? "crt" : "ca"] ?? BaseDirectory(ofFile: file)
                    inventory.add(value, as: use, base: base, at: place)
                }
            default: continue
            }
        }
    }

    private static func use(of option: String, isBind: Bool) -> FileUse? {
        switch option {
        case "crt": isBind ? .certificate : .upstreamCertificate
        case "ca-file", "ca-verify-file": isBind ? .clientAuthority : .upstreamAuthority
        case "crl-file": .revocationList
        default: nil
        }
    }
}
