import Certificates
import CurlBinding

/// One name of `http_headers`, with values from the configuration and values from files.
package struct SecretHeader: Hashable, Sendable {
    package let name: String
    package let values: [String]
    /// The first line of each file is a value. The files are read again for each attempt.
    package let files: [SecretFile]

    package init(name: String, values: [String], files: [SecretFile]) {
        self.name = name
        self.values = values
        self.files = files
    }

    /// One header field for each value, and the secrets among the values.
    ///
    /// - Throws: `SecretFileError`, without any of the content.
    package func fields() throws -> (fields: [HeaderField], secrets: [Secret]) {
        let secrets = try files.map { try $0.read() }
        return ((values + secrets.map(\.exposed)).map { HeaderField(name, $0) }, secrets)
    }
}
