import Certificates
import Fetching
import Scanning
import TransportSecurity

/// Where an entry of `certificates` or `revocation_lists` looks: paths, the output of a command, the answer of a URL; at least
/// one of them.
struct RegisteredPlaces {
    /// The keys that say so, which both kinds of entries have.
    private enum Key: String {
        case paths
        case passphraseFile = "passphrase_file"
        case exec, url
        case tlsConfig = "tls_config"
        case timeout
    }

    /// What `failures_before_alert` may be.
    static let failures = 1...100
    private static let timeouts = TimeSpan(seconds: 1)...TimeSpan(seconds: 600)
    private static let defaultTimeout = TimeSpan(seconds: 30)

    private let patterns: [PathPattern]
    private let command: [String]?
    private let url: (address: String, tls: TLSFiles)?
    private let timeout: TimeSpan
    private let passphraseFile: FilePath?

    init<EntryKey>(_ section: Section<EntryKey>) {
        func value(_ key: Key) -> Cursor? { EntryKey(rawValue: key.rawValue).flatMap { section[$0] } }
        patterns = value(.paths)?.distinctList { $0.pathText().map($0.reading.base.pattern) } ?? []
        passphraseFile = value(.passphraseFile)?.filePath().map { FilePath($0) }
        command = value(.exec)?.command()
        timeout = value(.timeout)?.span(within: Self.timeouts) ?? Self.defaultTimeout
        let tls = value(.tlsConfig).map(TLSSection.read) ?? TLSFiles()
        url = value(.url)?.httpsURL().map { ($0, tls) }
        if value(.paths) == nil, value(.exec) == nil, value(.url) == nil,
            let key = EntryKey(rawValue: Key.paths.rawValue)
        {
            section.report("missing; name at least one of paths, exec and url", for: key)
        }
        if value(.url) == nil {
            value(.tlsConfig)?.report("belongs to a url, and there is none")
        }
        if value(.url) == nil, value(.exec) == nil {
            value(.timeout)?.report("belongs to exec or url, and there is neither")
        }
    }

    func fileSources(of registration: String) -> [FileSource] {
        patterns.map { FileSource(registration: registration, pattern: $0, passphraseFile: passphraseFile) }
    }

    func commandSource(of registration: String) -> CommandSource? {
        command.map { CommandSource(registration: registration, command: $0, timeout: timeout) }
    }

    func urlSource(of registration: String) -> URLSource? {
        url.map { URLSource(registration: registration, url: $0.address, tls: $0.tls, timeout: timeout) }
    }
}

extension Cursor {
    /// A program and its arguments; a program with a slash is a path, one without is looked for in `$PATH`.
    func command() -> [String]? {
        guard let elements = filledList() else { return nil }
        var command = elements.compactMap { $0.scalarText() }
        guard let program = command.first, command.count == elements.count else { return nil }
        if program.contains("/") { command[0] = reading.base.absolute(program) }
        return command
    }
}
