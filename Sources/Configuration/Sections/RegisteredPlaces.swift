import Certificates
import SourceReading
import Scanning
import TransportSecurity

/// The places of an entry of `certificates` or `revocation_lists`: paths, a command's output, a URL's answer. At least
/// one is required.
struct RegisteredPlaces {
    /// The keys for places, which both kinds of entries have.
    private enum Key: String {
        case paths, exclude
        case passphraseFile = "passphrase_file"
        case exec, url
        case bearerTokenFile = "bearer_token_file"
        case httpHeaders = "http_headers"
        case allowHTTP = "allow_http"
        case tlsConfig = "tls_config"
        case timeout
    }

    /// The range of `failures_before_alert`.
    static let failures = 1...100
    private static let timeouts = TimeSpan(seconds: 1)...TimeSpan(seconds: 600)
    private static let defaultTimeout = TimeSpan(seconds: 30)

    private let patterns: [PathPattern]
    private let exclusion: PathExclusion
    private let command: [String]?
    private let url: FetchedURL?
    private let timeout: TimeSpan
    private let passphraseFile: FilePath?

    /// A URL and how to fetch it.
    private struct FetchedURL {
        let address: String
        let plaintext: PlaintextPolicy
        let tls: TLSFiles
        let bearerTokenFile: SecretFile?
        let headers: [SecretHeader]
    }

    /// `plaintext` is the policy for `http://` if the entry has none.
    init<EntryKey>(_ section: Section<EntryKey>, plaintext: PlaintextPolicy = .loopbackOnly) {
        func value(_ key: Key) -> Cursor? { EntryKey(rawValue: key.rawValue).flatMap { section[$0] } }
        patterns = value(.paths)?.distinctList { $0.pathText().map($0.reading.base.pattern) } ?? []
        exclusion = PathExclusion(value(.exclude)?.distinctList { $0.pathText().map { PathPattern($0) } } ?? [])
        if value(.paths) == nil { value(.exclude)?.report("belongs to paths, and there are none") }
        passphraseFile = value(.passphraseFile)?.filePath().map { FilePath($0) }
        command = value(.exec)?.command()
        timeout = value(.timeout)?.span(within: Self.timeouts) ?? Self.defaultTimeout
        url = Self.url(value, plaintext)
        if value(.paths) == nil, value(.exec) == nil, value(.url) == nil,
            let key = EntryKey(rawValue: Key.paths.rawValue)
        {
            section.report("missing; name at least one of paths, exec and url", for: key)
        }
        if value(.url) == nil {
            for key in [Key.bearerTokenFile, .httpHeaders, .allowHTTP, .tlsConfig] {
                value(key)?.report("belongs to a url, and there is none")
            }
        }
        if value(.url) == nil, value(.exec) == nil {
            value(.timeout)?.report("belongs to exec or url, and there is neither")
        }
    }

    private static func url(_ value: (Key) -> Cursor?, _ custom: PlaintextPolicy) -> FetchedURL? {
        let tls = value(.tlsConfig).map(TLSSection.read) ?? TLSFiles()
        let token = value(.bearerTokenFile)?.namedFile(.secret)
            .map { SecretFile(path: $0, key: Key.bearerTokenFile.rawValue) }
        let headers = value(.httpHeaders).map(SecretHeadersSection.read) ?? []
        let isAllowed = value(.allowHTTP)?.flag() == true
        let policy: PlaintextPolicy = isAllowed ? .anywhere : custom
        guard let headers, let cursor = value(.url), let address = cursor.sourceURL(policy) else { return nil }
        let isSecret = token != nil || headers.contains { !$0.files.isEmpty }
        if isSecret, !isAllowed, address.lowercased().hasPrefix("http://") {
            cursor.report(
                "http:// shows the secrets of the request to all on its way: use https://, or set allow_http: true")
        }
        if token != nil, headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            value(.httpHeaders)?.report("bearer_token_file and http_headers exclude each other: both set Authorization")
        }
        return FetchedURL(address: address, plaintext: policy, tls: tls, bearerTokenFile: token, headers: headers)
    }

    func fileSources(of registration: String) -> [FileSource] {
        patterns.map {
            FileSource(registration: registration, pattern: $0, passphraseFile: passphraseFile, excluding: exclusion)
        }
    }

    func commandSource(of registration: String) -> CommandSource? {
        command.map { CommandSource(registration: registration, command: $0, timeout: timeout) }
    }

    func urlSource(of registration: String) -> URLSource? {
        url.map { url in
            URLSource(
                registration: registration, url: url.address, tls: url.tls, timeout: timeout,
                bearerTokenFile: url.bearerTokenFile, headers: url.headers, plaintext: url.plaintext)
        }
    }
}

extension Cursor {
    /// A program and its arguments. A program with a slash is a path; one without is searched in `$PATH`.
    func command() -> [String]? {
        guard let elements = filledList() else { return nil }
        var command = elements.compactMap { $0.scalarText() }
        guard let program = command.first, command.count == elements.count else { return nil }
        if program.contains("/") { command[0] = reading.base.absolute(program) }
        return command
    }
}
