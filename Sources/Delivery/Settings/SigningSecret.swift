import Certificates
import FileReading
import Foundation
import Glibc
import OpenSSLBinding

/// A symmetric secret of Standard Webhooks 1.0: `whsec_` and the base64 of 24 to 64 bytes.
package struct SigningSecret: Sendable {
    private let key: [UInt8]

    /// - Returns: nil for any other text.
    package init?(parsing text: String) {
        guard
            text.hasPrefix("whsec_"), let key = Data(base64Encoded: String(text.dropFirst(6))),
            (24...64).contains(key.count)
        else { return nil }
        self.key = Array(key)
    }

    /// The signature `v1,<base64>` over id, timestamp (Unix seconds of the attempt) and body, joined as the
    /// specification requires.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Data(HMAC.sha256(key: key, message: signed)).base64EncodedString()
    }
}

/// A file with one signing secret a line, the newest first. During a rotation messages are signed with all of them, so
/// that a receiver needs only one of them.
package enum SigningSecretFile {
    private static let byteLimit = 65_536

    /// Why a file cannot be used, without a byte of its content.
    package enum Problem: Error, Equatable {
        case unreadable(RegularFile.Failure)
        /// Lines count from 1.
        case badLine(Int)
        case empty

        private static let recipe = "make one: (umask 077; echo whsec_$(openssl rand -base64 32) > FILE)"

        /// A clause that follows the file's name.
        package var clause: String {
            switch self {
            case .unreadable(.system(ENOENT)): "does not exist; \(Self.recipe)"
            case .unreadable(let failure): failure.clause
            case .badLine(let number):
                "holds on line \(number) something that is not \"whsec_\" and the base64 of 24 to 64 bytes; \(Self.recipe)"
            case .empty: "holds no secret; \(Self.recipe)"
            }
        }
    }

    /// Reads the file again, since it may have been rotated.
    ///
    /// - Throws: `SigningSecretError`, without a byte of the content.
    package static func read(_ path: String) throws(SigningSecretError) -> [SigningSecret] {
        do throws(Problem) {
            return try secrets(of: path)
        } catch {
            throw SigningSecretError(description: "secret_file \(path) \(error.clause)")
        }
    }

    /// Why the file cannot be used; nil when it can.
    package static func check(_ path: String) -> Problem? {
        do throws(Problem) {
            _ = try secrets(of: path)
            return nil
        } catch {
            return error
        }
    }

    private static func secrets(of path: String) throws(Problem) -> [SigningSecret] {
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(path, limit: byteLimit)
        } catch {
            throw .unreadable(error)
        }
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        var secrets: [SigningSecret] = []
        for (number, line) in zip(1..., lines) where !line.isEmpty {
            guard let secret = SigningSecret(parsing: line) else { throw .badLine(number) }
            secrets.append(secret)
        }
        guard !secrets.isEmpty else { throw .empty }
        return secrets
    }
}

/// A message cannot be signed.
package struct SigningSecretError: Error, CustomStringConvertible {
    package let description: String
}
