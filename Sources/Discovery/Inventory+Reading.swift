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

    /// What the configurations in the well-known places of the system name.
    package static func ofSystem() -> Inventory {
        var inventory = Inventory()
        for kind in ServerKind.allCases {
            for pattern in kind.wellKnownFiles {
                do throws(RegularFile.Failure) {
                    for file in try GlobPattern(pattern).paths() { kind.read(file, into: &inventory) }
                } catch {
                    inventory.warn(error.clause, at: Place(file: pattern))
                }
            }
        }
        return inventory
    }
}
