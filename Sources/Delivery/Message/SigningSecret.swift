import Certificates
import Foundation
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

    /// The signature `v1,<base64>` over id, timestamp (Unix seconds of the attempt) and body, as the specification joins
    /// them.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Data(HMAC.sha256(key: key, message: signed)).base64EncodedString()
    }
}

/// A file with one signing secret a line, the newest first. While a secret is being rotated, messages are signed with
/// all of them, so that a receiver may know either.
package enum SigningSecretFile {
    /// Reads the file anew, since it may have been rotated.
    ///
    /// - Throws: `SigningSecretError`, without a byte of the content.
    package static func read(_ path: String) throws -> [SigningSecret] {
        guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SigningSecretError(description: "secret_file \(path): cannot be read")
        }
        return try secrets(in: content, of: path)
    }

    private static func secrets(in content: String, of path: String) throws -> [SigningSecret] {
        let lines = content.split(whereSeparator: \.isNewline)
        let secrets = try lines.enumerated().filter { !$0.element.allSatisfy(\.isWhitespace) }.map { index, line in
            guard let secret = SigningSecret(parsing: line.trimmingCharacters(in: .whitespaces)) else {
                throw SigningSecretError(
                    description:
                        "secret_file \(path): line \(index + 1) is not `whsec_` and the base64 of 24 to 64 bytes")
            }
            return secret
        }
        guard !secrets.isEmpty else {
            throw SigningSecretError(description: "secret_file \(path): holds no secret")
        }
        return secrets
    }
}

/// A message cannot be signed.
package struct SigningSecretError: Error, CustomStringConvertible {
    package let description: String
}
