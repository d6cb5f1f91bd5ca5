import Certificates
import CurlBinding
import Foundation

/// A user name and the file of its password, read anew at each attempt.
package struct BasicLogin: Hashable, Sendable {
    package let username: String
    package let passwordFile: SecretFile

    package init(username: String, passwordFile: SecretFile) {
        self.username = username
        self.passwordFile = passwordFile
    }

    /// `Authorization: Basic …` (RFC 7617), and what of it is secret.
    ///
    /// - Throws: `SecretFileError`, without a byte of the content.
    package func authorization() throws -> (header: HeaderField, secrets: [Secret]) {
        let password = try passwordFile.read()
        let credentials = Data("\(username):\(password.exposed)".utf8).base64EncodedString()
        return (HeaderField("Authorization", "Basic \(credentials)"), [password, Secret(credentials)])
    }
}
