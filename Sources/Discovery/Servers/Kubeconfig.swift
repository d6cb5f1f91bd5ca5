import Glibc
import FileReading
import Scanning

/// A kubeconfig: YAML, whose keys for certificates stand on lines of their own. Relative paths begin at its directory.
///
/// A kubeconfig that holds certificates itself is registered as a whole: notafter decodes it at every scan.
enum Kubeconfig {
    /// The administrator's and the components' of kubeadm, and the user's own.
    static var wellKnownFiles: [String] {
        let home = getenv("HOME").map { GlobPattern.literal(String(cString: $0)) }
        return ["/etc/kubernetes/*.conf"] + [home.map { $0 + "/.kube/config" }].compactMap(\.self)
    }

    /// Whether only kubeconfigs have lines that begin with this word.
    static func isKey(_ word: String) -> Bool {
        ["clusters:", "contexts:", "users:", "current-context:"].contains(word)
    }

    static func read(_ file: String, into inventory: inout Inventory) {
        guard let text = inventory.text(of: file) else { return }
        let base = BaseDirectory(ofFile: file)
        for (number, line) in ConfigurationLines.plain(text) {
            // Quotes are those of the words, and `- ` begins an entry.
            let words = ConfigurationLines.words(line).drop { $0 == "-" }
            guard let name = words.first, let value = words.dropFirst().first, name.hasSuffix(":") else { continue }
            let place = Place(file: file, line: number, subject: String(name.dropLast()))
            switch place.subject {
            case "certificate-authority": inventory.add(value, as: .upstreamAuthority, base: base, at: place)
            case "client-certificate": inventory.add(value, as: .upstreamCertificate, base: base, at: place)
            case "certificate-authority-data", "client-certificate-data":
                inventory.register(file, as: .client, at: place)
            default: continue
            }
        }
    }
}
