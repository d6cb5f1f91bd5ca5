import Certificates
import FileReading
import OpenSSLBinding
import TransportSecurity

/// What the configuration says of one receiver, by the keys that its kind declares.
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

    /// The secret URL that `key` holds, or the file that `key` followed by `_file` names.
    package func address(_ key: String) -> SecretAddress? {
        if case .secret(let url) = values[key] { return .inline(url) }
        return file(key + "_file").map { .file($0, key: key + "_file") }
    }

    /// Changes when a message that was refused may be taken now: other settings, or other content of the files that they
    /// name. A file that cannot be read counts as empty.
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
        }
    }

    private static func content(of path: String) -> [UInt8] {
        // A key on a token is known by its place.
        guard !TokenURI.isMeant(by: path) else { return Array(path.utf8) }
        // Why it cannot be read is told by the attempt that needs it.
        return (try? RegularFile.read(path, limit: SecretFile.byteLimit)) ?? []
    }
}
