import Certificates
import FileReading
import Glibc

/// Where the signing secret of a new configuration goes, and who may read it.
struct SecretHome {
    /// The directory of the package's configuration, and that of its secrets.
    private static let systemDirectory = "/etc/notafter"
    private static let credentials = systemDirectory + "/credentials"
    private static let serviceGroup = "notafter"

    /// As the configuration names it.
    let file: String
    let access: NewFile.Access

    /// Whether the package's service reads it, under a user of its own.
    var isOfService: Bool {
        switch access {
        case .group: true
        case .everybody, .user, .owner: false
        }
    }

    /// The place for the configuration in `directory`, which is absolute.
    ///
    /// With the package's configuration, the service reads the secrets of root's in a directory of their own. Elsewhere
    /// the secret lies beside the configuration. Made by root, it belongs to whom that directory belongs.
    init(besideConfigurationIn directory: String) {
        let group = Self.group(Self.serviceGroup)
        if directory == Self.systemDirectory, getuid() == 0, let group, Glibc.access(Self.credentials, W_OK) == 0 {
            file = Self.credentials + "/ops.secret"
            access = .group(group)
            return
        }
        file = "ops.secret"
        var status = stat()
        let isKnown = PathText.withSystemPath(directory) { stat($0, &status) } == 0
        access =
            getuid() == 0 && isKnown ? .owner(user: status.st_uid, group: status.st_gid) : .user
    }

    private static func group(_ name: String) -> UInt32? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.gr_gid
    }
}
