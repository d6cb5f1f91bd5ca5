import Certificates
import CurlBinding
import Foundation

/// A user name and the file of its password, which is read again for each attempt.
package struct BasicLogin: Hashable, Sendable {
    package let username: String
    package let passwordFile: SecretFile

    package init(username: String, passwordFile: SecretFile) {
        self.username = username
        self.passwordFile = passwordFile
    }

    /// `Authorization: Basic …` (RFC 7617), and the secrets in it.
    ///
    /// - Throws: `SecretFileError`, without any of the content.
    package func authorization() throws -> (header: HeaderField, secrets: [Secret]) {
        let password = try passwordFile.read()
        let credentials = Data("\(username):\(password.exposed)".utf8).base64EncodedString()
        return (HeaderField("Authorization", "Basic \(credentials)"), [password, Secret(credentials)])
    }
}
