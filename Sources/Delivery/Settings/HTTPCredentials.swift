import Certificates
import CurlBinding
import TransportSecurity

/// How we authenticate to a receiver over HTTP: a bearer token, a user name with a password, or custom headers.
package struct HTTPCredentials: Hashable, Sendable {
    private let bearerTokenFile: SecretFile?
    private let login: BasicLogin?
    private let headers: [SecretHeader]

    package static let keys: [SettingKey] = [
        .optional("bearer_token_file", .secretFile), .optional("basic_auth", .basicAuth),
        .optional("http_headers", .secretHeaders),
    ]

    package init(_ settings: ReceiverSettings) {
        bearerTokenFile = settings.secretFile("bearer_token_file")
        login = settings.login("basic_auth")
        headers = settings.secretHeaders("http_headers") ?? []
    }

    /// Rejects more than one source of the `Authorization` header.
    package static func problems(_ settings: ReceiverSettings) -> [SettingProblem] {
        let hasHeader = settings.secretHeaders("http_headers")?.contains { $0.name.lowercased() == "authorization" }
        let given = [
            settings.has("bearer_token_file") ? "bearer_token_file" : nil,
            settings.has("basic_auth") ? "basic_auth" : nil,
            hasHeader == true ? "http_headers" : nil,
        ].compactMap(\.self)
        return given.dropFirst().map {
            SettingProblem(key: $0, message: "\(given[0]) and \($0) exclude each other: both set Authorization")
        }
    }

    /// The header fields for each request, and the secrets in them. Files are read again.
    ///
    /// - Throws: `SecretFileError`, without a byte of the content.
    package func fields() throws -> (fields: [HeaderField], secrets: [Secret]) {
        var fields: [HeaderField] = []
        var secrets: [Secret] = []
        if let token = try bearerTokenFile?.read() {
            fields.append(HeaderField("Authorization", "Bearer \(token.exposed)"))
            secrets.append(token)
        }
        if let (header, hidden) = try login?.authorization() {
            fields.append(header)
            secrets += hidden
        }
        for header in headers {
            let (values, hidden) = try header.fields()
            fields += values
            secrets += hidden
        }
        return (fields, secrets)
    }
}
