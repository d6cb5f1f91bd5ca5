import FileReading

/// The configuration that the Debian package installs. It watches nothing, so `init` may replace it.
enum ShippedConfiguration {
    static var bytes: [UInt8] { PackageResources.shipped_yaml }

    /// Whether the file at `path` has exactly this content.
    static func isAt(_ path: String) -> Bool {
        do throws(RegularFile.Failure) {
            return try RegularFile.read(path, limit: 1 << 16) == bytes
        } catch {
            // What cannot be read is no such file.
            return false
        }
    }
}
