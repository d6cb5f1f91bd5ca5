import Certificates
import CurlBinding

/// One name of `http_headers`: a header with values that stand in the configuration, and values that stand in files.
package struct SecretHeader: Hashable, Sendable {
    package let name: String
    package let values: [String]
    /// Of each the first line is a value, read anew at each attempt.
    package let files: [SecretFile]

    package init(name: String, values: [String], files: [SecretFile]) {
        self.name = name
        self.values = values
        self.files = files
    }

    /// One field for each value; and what of them is secret.
    ///
    /// - Throws: `SecretFileError`, without a byte of the content.
    package func fields() throws -> (fields: [HeaderField], secrets: [Secret]) {
        let secrets = try files.map { try $0.read() }
        return ((values + secrets.map(\.exposed)).map { HeaderField(name, $0) }, secrets)
    }
}
