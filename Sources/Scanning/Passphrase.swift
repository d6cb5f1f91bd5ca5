import Certificates
import Glibc

/// The passphrase of a source's key stores, as its file had it when the scan began.
///
/// Its first line, as `openssl -passin file:` takes it. An empty file holds the empty passphrase.
package enum Passphrase: Sendable {
    /// There is no such file registered.
    case none
    case given(Secret)
    /// Why there is none although there should be: its message names the file.
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

    /// A container's defects, of which "no passphrase" says why there is none.
    package func explained(_ defects: [Defect]) -> [Defect] {
        guard case .unreadable(let reason) = self else { return defects }
        return defects.map { $0.reason == .passphraseMissing ? reason : $0 }
    }
}
