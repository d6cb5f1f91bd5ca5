import CertificateDecoding
import FileReading
import Scanning

extension Inventory {
    /// The certificates that the configurations at `paths` name, with a warning for each one that is named in a way
    /// that is not understood. A file that cannot be read, or is not a configuration of a known server, is a warning as
    /// well.
    package init(of paths: [String], decoder: CertificateDecoder) {
        self.init()
        for path in paths {
            let file = BaseDirectory.working.absolute(path)
            guard let text = text(of: file) else { continue }
            guard let kind = ServerKind(of: text) else {
                let known = ServerKind.allCases.map(\.rawValue).joined(separator: ", ")
                warn("is no configuration that is understood here (\(known))", at: Place(file: file))
                continue
            }
            kind.read(file, into: &self)
        }
        UnregisteredCertificates.remark(in: &self, decoder: decoder)
    }

    /// The certificates that the configurations in the well-known places of a system name, and the other certificates
    /// in such places.
    ///
    /// - Parameters:
    ///   - root: the root of the system's files. Absolute paths in a configuration, and links, are followed below it.
    ///   - decoder: reads the certificates that no configuration names.
    /// - Returns: the inventory, with the certificates of configurations first.
    package static func ofSystem(below root: SystemRoot = .machine, decoder: CertificateDecoder) -> Inventory {
        var inventory = Inventory(in: root)
        for kind in ServerKind.allCases {
            for pattern in kind.wellKnownFiles {
                do throws(RegularFile.Failure) {
                    for file in try root.paths(matching: GlobPattern.literal(root.path) + pattern) {
                        kind.read(file, into: &inventory)
                    }
                } catch {
                    inventory.warn(error.clause, at: Place(file: root.located(pattern)))
                }
            }
        }
        WellKnownFiles.read(into: &inventory, decoder: decoder)
        UnregisteredCertificates.remark(in: &inventory, decoder: decoder)
        return inventory
    }
}
