import Certificates
import CurlBinding
import TransportSecurity

/// A registration whose certificates are fetched over HTTP: a CA bundle or a revocation list.
package struct URLSource: Hashable, Sendable {
    /// The registration's name.
    package let registration: String
    package let url: String
    package let tls: TLSFiles
    package let timeout: TimeSpan
    /// The first line of this file is sent in `Authorization: Bearer`.
    package let bearerTokenFile: SecretFile?
    package let headers: [SecretHeader]
    /// Where `http://` is allowed.
    package let plaintext: PlaintextPolicy

    package init(
        registration: String, url: String, tls: TLSFiles, timeout: TimeSpan, bearerTokenFile: SecretFile? = nil,
        headers: [SecretHeader] = [], plaintext: PlaintextPolicy = .loopbackOnly
    ) {
        self.registration = registration
        self.url = url
        self.tls = tls
        self.timeout = timeout
        self.bearerTokenFile = bearerTokenFile
        self.headers = headers
        self.plaintext = plaintext
    }

    package var place: String { url }

    /// The header fields of a request, read again for each request, and the secrets among their values.
    ///
    /// - Throws: `SecretFileError`, without any of the content.
    func credentials() throws -> (fields: [HeaderField], secrets: [Secret]) {
        var fields: [HeaderField] = []
        var secrets: [Secret] = []
        if let token = try bearerTokenFile?.read() {
            fields.append(HeaderField("Authorization", "Bearer \(token.exposed)"))
            secrets.append(token)
        }
        for header in headers {
            let (values, hidden) = try header.fields()
            fields += values
            secrets += hidden
        }
        return (fields, secrets)
    }
}
