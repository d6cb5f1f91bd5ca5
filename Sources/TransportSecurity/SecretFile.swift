import Certificates
import FileReading
import Foundation

/// A file whose first line is a secret. It is read again for each attempt, since it may have been rotated.
package struct SecretFile: Hashable, Sendable {
    package static let byteLimit = 65_536

    package let path: String
    /// The configuration key that names the file, for messages.
    package let key: String

    package init(path: String, key: String) {
        self.path = path
        self.key = key
    }

    /// Why a file cannot be used. It contains nothing of the content.
    package enum Problem: Error, Equatable {
        case unreadable(RegularFile.Failure)
        case empty
        case controlCharacter
        case address(WebAddress.Defect)

        /// A clause to follow the file's name.
        package var clause: String {
            switch self {
            case .unreadable(let failure): failure.clause
            case .empty: "holds no secret"
            case .controlCharacter: "holds a control character in its first line"
            case .address(let defect): "holds no URL that can be used: it \(defect.rawValue)\(defect.exception)"
            }
        }
    }

    /// - Throws: `SecretFileError`, without any of the content.
    package func read() throws -> Secret {
        do throws(Problem) {
            return try Self.firstLine(of: path)
        } catch {
            throw SecretFileError(description: "\(key) \(path) \(error.clause)")
        }
    }

    /// The problem of the file. nil when it can be used.
    package static func check(_ path: String) -> Problem? {
        do throws(Problem) {
            _ = try firstLine(of: path)
            return nil
        } catch {
            return error
        }
    }

    static func firstLine(of path: String) throws(Problem) -> Secret {
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(path, limit: byteLimit)
        } catch {
            throw .unreadable(error)
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let line = text.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
        guard !line.isEmpty else { throw .empty }
        // A line break in a header value would begin another header.
        guard !line.unicodeScalars.contains(where: \.isHostile) else { throw .controlCharacter }
        return Secret(line)
    }
}

/// A file of a receiver cannot be used.
package struct SecretFileError: Error, CustomStringConvertible {
    package let description: String
}

/// A URL that may itself be a secret.
package enum SecretAddress: Hashable, Sendable {
    case inline(Secret)
    /// The file that contains it, which is read again for each attempt, the key that names the file, and where
    /// `http://` is allowed.
    case file(String, key: String, PlaintextPolicy)

    /// - Throws: `SecretFileError`, without any of the content.
    package func read() throws -> Secret {
        switch self {
        case .inline(let url): return url
        case .file(let path, let key, let policy):
            do throws(SecretFile.Problem) {
                return try Self.url(inFile: path, policy)
            } catch {
                throw SecretFileError(description: "\(key) \(path) \(error.clause)")
            }
        }
    }

    /// The problem of a file that should contain a URL. nil when it can be used.
    package static func check(_ path: String, _ policy: PlaintextPolicy) -> SecretFile.Problem? {
        do throws(SecretFile.Problem) {
            _ = try url(inFile: path, policy)
            return nil
        } catch {
            return error
        }
    }

    private static func url(inFile path: String, _ policy: PlaintextPolicy) throws(SecretFile.Problem) -> Secret {
        let url = try SecretFile.firstLine(of: path)
        do throws(WebAddress.Defect) {
            try WebAddress.checkSafety(of: url.exposed, policy)
            return url
        } catch {
            throw .address(error)
        }
    }
}

extension WebAddress {
    /// Requires https, a loopback address, or a `policy` that allows `http://` to any host.
    package static func checkSafety(of text: String, _ policy: PlaintextPolicy) throws(Defect) {
        let address = try WebAddress(parsing: text)
        guard address.scheme == .https || address.isLoopback || policy == .anywhere else { throw .scheme }
    }
}

extension WebAddress.Defect {
    /// The exception to add to the `scheme` defect where loopback is accepted.
    package var exception: String {
        self == .scheme ? " (http:// only to this machine, or with allow_http: true)" : ""
    }
}
