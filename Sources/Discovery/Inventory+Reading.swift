import CertificateDecoding
import FileReading
import Scanning

extension Inventory {
    /// What the configurations at `paths` name. A file that cannot be read, or that is nobody's configuration, is a warning.
    package init(of paths: [String]) {
        self.init()
        for path in paths {
            let file = BaseDirectory.working.absolute(path)
            do throws(BoundedFiles.Refusal) {
                var files = BoundedFiles()
                guard let kind = ServerKind(of: try files.text(of: file)) else {
                    let known = ServerKind.allCases.map(\.rawValue).joined(separator: ", ")
                    warn("is no configuration that is understood here (\(known))", at: Place(file: file))
                    continue
                }
                kind.read(file, into: &self)
            } catch {
                warn(error.clause, at: Place(file: file))
            }
        }
    }

    /// What the configurations in the well-known places of a system name, and what certificates lie in such places besides.
    ///
    /// - Parameters:
    ///   - root: where the system's files begin: empty for the machine's own. Paths in a configuration stay as they are.
    ///   - decoder: reads the certificates that nobody names.
    /// - Returns: configurations first.
    package static func ofSystem(below root: String = "", decoder: CertificateDecoder) -> Inventory {
        var inventory = Inventory()
        for kind in ServerKind.allCases {
            for pattern in kind.wellKnownFiles {
                do throws(RegularFile.Failure) {
                    for file in try GlobPattern(GlobPattern.literal(root) + pattern).paths() {
                        kind.read(file, into: &inventory)
                    }
                } catch {
                    inventory.warn(error.clause, at: Place(file: root + pattern))
                }
            }
        }
        WellKnownFiles.read(below: root, into: &inventory, decoder: decoder)
        return inventory
    }
}
