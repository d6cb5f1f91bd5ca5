import Certificates
import Glibc

/// The passphrase of a source's key stores, read at the start of the scan.
///
/// It is the first line of the file, as for `openssl -passin file:`. An empty file means the empty passphrase.
package enum Passphrase: Sendable {
    /// No passphrase file is registered.
    case none
    case given(Secret)
    /// Why the file could not be read. The message names the file.
    case unreadable(Defect)

    private static let fileLimit: Int64 = 1 << 16

    /// Reads the file.
    package init(file path: FilePath?) {
        guard let path else {
            self = .none
            return
        }
        var reader = FileReader(limit: Self.fileLimit)
        do throws(FileReader.Failure) {
            let count = try reader.read(path.withSystemPath { open($0, readingFlags) }).count
            let line = reader.buffer.prefix(count).prefix { $0 != 0x0A }
            self = .given(Secret(String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)))
        } catch {
            self = .unreadable(Defect(.passphraseMissing, "its passphrase file \(path): \(error.defect.message)"))
        }
    }

    /// The passphrase to decode with.
    package var secret: Secret? {
        guard case .given(let secret) = self else { return nil }
        return secret
    }

    /// A container's defects, in which "no passphrase" is replaced by the reason why the file could not be read.
    package func explained(_ defects: [Defect]) -> [Defect] {
        guard case .unreadable(let reason) = self else { return defects }
        return defects.map { $0.reason == .passphraseMissing ? reason : $0 }
    }
}
