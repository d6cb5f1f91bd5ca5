import FileReading
import Glibc
import Scanning

/// A kubeconfig: YAML, in block or flow style, or JSON. Relative paths begin at its directory.
///
/// A kubeconfig with embedded certificates is registered as a whole, since notafter decodes it at each scan.
enum Kubeconfig {
    /// The kubeconfigs of kubeadm for the administrator and the components, and the user's own.
    static var wellKnownFiles: [String] {
        let home = getenv("HOME").map { GlobPattern.literal(String(cString: $0)) }
        return ["/etc/kubernetes/*.conf"] + [home.map { $0 + "/.kube/config" }].compactMap(\.self)
    }

    /// Whether only kubeconfigs have lines that begin with this word.
    static func isKey(_ word: String) -> Bool {
        ["clusters:", "contexts:", "users:", "current-context:"].contains(word)
    }

    /// Whether `text` is a JSON document with the fields of a kubeconfig. Its line endings look like those of nginx.
    static func isJSON(_ text: String) -> Bool {
        text.first { !$0.isWhitespace } == "{" && text.contains("\"clusters\"") && text.contains("\"users\"")
    }

    static func read(_ file: String, into inventory: inout Inventory) {
        guard let text = inventory.text(of: file) else { return }
        let document: YAMLDocument
        do {
            document = try YAMLDocument(text)
        } catch {
            return inventory.warn("is no YAML and no JSON", at: Place(file: file))
        }
        for (list, kind) in [("clusters", "cluster"), ("users", "user")] {
            for entry in document.root.field(list)?.elements ?? [] {
                guard let settings = entry.field(kind) else { continue }
                read(settings, in: file, into: &inventory)
            }
        }
    }

    /// Reads the files and certificates of one cluster or user.
    private static func read(_ settings: YAMLValue, in file: String, into inventory: inout Inventory) {
        let base = ServerDirectory(ofFile: file, in: inventory.root)
        for (name, line, value) in settings.fields {
            guard let path = value.string else { continue }
            let place = Place(file: file, line: line, subject: name)
            switch name {
            case "certificate-authority": inventory.add(path, as: .upstreamAuthority, base: base, at: place)
            case "client-certificate": inventory.add(path, as: .upstreamCertificate, base: base, at: place)
            case "certificate-authority-data", "client-certificate-data":
                inventory.register(file, as: .client, at: place)
            default: continue
            }
        }
    }
}
