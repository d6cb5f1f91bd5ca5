import Certificates
import Messages
import TransportSecurity

/// One key of a receiver's configuration: its name and its type.
///
/// Receivers declare their keys, so that a new kind of receiver is read, checked and documented without code elsewhere.
package struct SettingKey: Hashable, Sendable {
    package let name: String
    package let type: SettingType
    package let isRequired: Bool

    package static func required(_ name: String, _ type: SettingType) -> SettingKey {
        SettingKey(name: name, type: type, isRequired: true)
    }

    package static func optional(_ name: String, _ type: SettingType) -> SettingKey {
        SettingKey(name: name, type: type, isRequired: false)
    }
}

/// The type of a key's value.
package enum SettingType: Hashable, Sendable {
    /// A text of 1 to `limit` characters.
    case text(limit: Int)
    case choice([String])
    case number(ClosedRange<Int>)
    case span(ClosedRange<TimeSpan>)
    /// A program and its arguments.
    case command
    case flag
    /// Names of HTTP headers with their values.
    case headers
    /// `http_headers`: names of HTTP headers with values, and files that hold values.
    case secretHeaders
    /// `basic_auth`: a user name and the file of its password.
    case basicAuth
    /// A hostname.
    case hostname
    /// A JSON document whose texts are templates.
    case json
    /// An https URL, or an http URL on this machine. It is not a secret, so messages may quote it.
    case webAddress
    case webAddresses
    /// As `webAddress`, but a secret, such as a URL with a token.
    case secretWebAddress
    /// A file whose only content is such a URL.
    case secretWebAddressFile
    /// A file whose first line is a secret.
    case secretFile
    /// A file with one Standard Webhooks secret a line.
    case signingSecretFile
    /// `http://` or `https://`, a host and a port: a proxy.
    case proxy
    /// A mapping of its own, `tls_config`.
    case tls
    /// CIDR ranges.
    case addressRanges
    /// A host with a port, as `mail.example.com:587`.
    case server
    case mailAddress
    case mailAddresses
}

/// The value of a key.
package enum SettingValue: Hashable, Sendable {
    case text(String)
    case number(Int)
    case list([String])
    case mapping([String: String])
    case secret(Secret)
    /// The path of a file that is read again for each attempt.
    case file(String)
    case tls(TLSFiles)
    case ranges([AddressRange])
    case flag(Bool)
    case login(BasicLogin)
    case secretHeaders([SecretHeader])
    case json(JSONTemplate)
}
