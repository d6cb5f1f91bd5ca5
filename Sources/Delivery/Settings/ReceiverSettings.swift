import Certificates
import FileReading
import Messages
import OpenSSLBinding
import TransportSecurity

/// The settings of one receiver, by the keys that its kind declares.
package struct ReceiverSettings: Hashable, Sendable {
    private let values: [String: SettingValue]

    package init(_ values: [String: SettingValue]) {
        self.values = values
    }

    package func has(_ key: String) -> Bool { values[key] != nil }

    package func text(_ key: String) -> String? {
        if case .text(let text) = values[key] { text } else { nil }
    }

    package func number(_ key: String) -> Int? {
        if case .number(let number) = values[key] { number } else { nil }
    }

    package func list(_ key: String) -> [String]? {
        if case .list(let list) = values[key] { list } else { nil }
    }

    package func mapping(_ key: String) -> [String: String]? {
        if case .mapping(let mapping) = values[key] { mapping } else { nil }
    }

    package func file(_ key: String) -> String? {
        if case .file(let path) = values[key] { path } else { nil }
    }

    package func secretFile(_ key: String) -> SecretFile? {
        file(key).map { SecretFile(path: $0, key: key) }
    }

    package func tls(_ key: String) -> TLSFiles? {
        if case .tls(let files) = values[key] { files } else { nil }
    }

    package func ranges(_ key: String) -> [AddressRange]? {
        if case .ranges(let ranges) = values[key] { ranges } else { nil }
    }

    package func flag(_ key: String) -> Bool? {
        if case .flag(let flag) = values[key] { flag } else { nil }
    }

    package func login(_ key: String) -> BasicLogin? {
        if case .login(let login) = values[key] { login } else { nil }
    }

    package func secretHeaders(_ key: String) -> [SecretHeader]? {
        if case .secretHeaders(let headers) = values[key] { headers } else { nil }
    }

    package func json(_ key: String) -> JSONTemplate? {
        if case .json(let template) = values[key] { template } else { nil }
    }

    /// Which hosts `http://` is allowed for.
    package var plaintextPolicy: PlaintextPolicy {
        flag(Connection.allowHTTPKey) == true ? .anywhere : .loopbackOnly
    }

    /// The secret URL that `key` holds, or the file that `key` followed by `_file` names.
    package func address(_ key: String) -> SecretAddress? {
        if case .secret(let url) = values[key] { return .inline(url) }
        return file(key + "_file").map { .file($0, key: key + "_file", plaintextPolicy) }
    }

    /// Changes with the settings and with the content of the files that they name: a message that was refused may be
    /// accepted then. A file that cannot be read counts as empty.
    func digest() throws -> [UInt8] {
        let hash = try SHA256()
        hash.restart()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            hash.update(Array("\0\(key)\0".utf8).span)
            for part in Self.parts(value) {
                hash.update(Array("\(part.count)\0".utf8).span)
                hash.update(part.span)
            }
        }
        return hash.finish()
    }

    private static func parts(_ value: SettingValue) -> [[UInt8]] {
        switch value {
        case .text(let text): [Array(text.utf8)]
        case .number(let number): [Array(String(number).utf8)]
        case .list(let list): list.map { Array($0.utf8) }
        case .mapping(let mapping):
            mapping.sorted { $0.key < $1.key }.flatMap { [Array($0.key.utf8), Array($0.value.utf8)] }
        case .secret(let secret): [Array(secret.exposed.utf8)]
        case .file(let path): [Array(path.utf8), content(of: path)]
        case .tls(let files):
            [files.caFile, files.certFile, files.keyFile].map { $0.map(content) ?? [] }
                + [Array((files.serverName ?? "").utf8)]
        case .ranges(let ranges): ranges.map { Array($0.description.utf8) }
        case .flag(let flag): [[flag ? 1 : 0]]
        case .login(let login):
            [Array(login.username.utf8), Array(login.passwordFile.path.utf8), content(of: login.passwordFile.path)]
        case .secretHeaders(let headers):
            headers.flatMap { header in
                ([header.name] + header.values).map { Array($0.utf8) } + header.files.map { content(of: $0.path) }
            }
        case .json(let template): [Array(template.digestText.utf8)]
        }
    }

    private static func content(of path: String) -> [UInt8] {
        // The path is the URI of a key on a token, whose content cannot be read.
        guard !TokenURI.isMeant(by: path) else { return Array(path.utf8) }
        // The attempt that needs the file reports why it cannot be read.
        return (try? RegularFile.read(path, limit: SecretFile.byteLimit)) ?? []
    }
}
