import Certificates
import Fetching
import Scanning
import TransportSecurity

/// Where one entry of `certificates` looks: paths, the output of a command, the answer of a URL; at least one of them.
struct CertificatePlaces {
    private static let timeouts = TimeSpan(seconds: 1)...TimeSpan(seconds: 600)
    private static let defaultTimeout = TimeSpan(seconds: 30)

    private let patterns: [PathPattern]
    private let command: [String]?
    private let url: (address: String, tls: TLSFiles)?
    private let timeout: TimeSpan
    private let passphraseFile: FilePath?

    init(_ section: Section<CertificatesSection.Key>) {
        patterns = section[.paths]?.distinctList { $0.pathText().map($0.reading.base.pattern) } ?? []
        passphraseFile = section[.passphraseFile]?.filePath().map { FilePath($0) }
        command = section[.exec]?.command()
        timeout = section[.timeout]?.span(within: Self.timeouts) ?? Self.defaultTimeout
        let tls = section[.tlsConfig].map(TLSSection.read) ?? TLSFiles()
        url = section[.url]?.httpsURL().map { ($0, tls) }
        if section[.paths] == nil, section[.exec] == nil, section[.url] == nil {
            section.report("missing; name at least one of paths, exec and url", for: .paths)
        }
        if section[.url] == nil {
            section[.tlsConfig]?.report("belongs to a url, and there is none")
        }
        if section[.url] == nil, section[.exec] == nil {
            section[.timeout]?.report("belongs to exec or url, and there is neither")
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
