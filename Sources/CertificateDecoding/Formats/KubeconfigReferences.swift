import Certificates

/// Finds the certificate files that a kubeconfig names (Kubernetes, `certificate-authority` of a cluster and
/// `client-certificate` of a user). It never searches for keys.
///
/// In every YAML style and in JSON the file name follows the key on the same line, so no YAML parser is needed.
enum KubeconfigReferences {
    /// The maximum number of files. A real kubeconfig names fewer.
    static let limit = 1_024
    /// Linux's PATH_MAX.
    private static let pathLimit = 4_096
    /// The maximum number of keys to inspect. A malicious file could have hundreds of thousands.
    private static let keyLimit = 16 * limit

    /// The files that `text` names, without duplicates, in their order. Empty unless the text looks like a kubeconfig.
    static func files(in text: Span<UInt8>) -> [FilePath] {
        guard text.contains("clusters"), text.contains("users") || text.contains("contexts") else { return [] }
        var files: [(position: Int, file: FilePath)] = []
        var keys = 0
        for key in ["certificate-authority", "client-certificate"] as [StaticString] {
            var position = 0
            while keys < keyLimit, let found = text.firstIndex(of: key, from: position) {
                keys += 1
                position = found + key.utf8CodeUnitCount
                guard let value = value(ofKeyIn: found..<position, of: text), !value.isEmpty, !value.contains(0) else {
                    continue
                }
                files.append((found, FilePath(bytes: value)))
            }
        }
        var seen: Set<FilePath> = []
        return files.sorted { $0.position < $1.position }.map(\.file).filter { seen.insert($0).inserted }
    }

    /// The value after a key and its colon. nil when the text is something else, such as a longer key or a comment.
    private static func value(ofKeyIn key: Range<Int>, of text: Span<UInt8>) -> [UInt8]? {
        let line = lineStart(before: key.lowerBound, in: text)..<key.lowerBound
        let before = line.isEmpty ? UInt8(ascii: " ") : text[key.lowerBound - 1]
        let first = line.first { !isBlank(text[$0]) }
        guard " \t\"'{,".utf8.contains(before), first.map({ text[$0] }) != UInt8(ascii: "#") else { return nil }
        var position = key.upperBound
        if before == UInt8(ascii: "\"") || before == UInt8(ascii: "'") {
            guard position < text.count, text[position] == before else { return nil }
            position += 1
        }
        position = skipBlanks(from: position, in: text)
        guard position < text.count, text[position] == UInt8(ascii: ":") else { return nil }
        position = skipBlanks(from: position + 1, in: text)
        guard position < text.count else { return nil }
        switch text[position] {
        case UInt8(ascii: "\""):
            var strings = JSONStrings()
            return strings.next(in: text.extracting(position..<min(text.count, position + pathLimit)))
        case UInt8(ascii: "'"): return singleQuoted(from: position + 1, in: text)
        default:
            let isFlow = line.contains { text[$0] == UInt8(ascii: "{") }
            return plain(from: position, isFlow ? [0x0A, UInt8(ascii: ","), UInt8(ascii: "}")] : [0x0A], in: text)
        }
    }

    private static func lineStart(before position: Int, in text: Span<UInt8>) -> Int {
        var start = position
        // Covers indentation and `- {`. JSON without line ends is not searched further.
        while start > 0, position - start < 512, text[start - 1] != 0x0A { start -= 1 }
        return start
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }

    private static func skipBlanks(from start: Int, in text: Span<UInt8>) -> Int {
        var position = start
        while position < text.count, isBlank(text[position]) { position += 1 }
        return position
    }

    /// A quote in the value is doubled (YAML 1.2.2, 7.3.2).
    private static func singleQuoted(from start: Int, in text: Span<UInt8>) -> [UInt8]? {
        var value: [UInt8] = []
        var position = start
        while position < min(text.count, start + pathLimit), text[position] != 0x0A {
            if text[position] == UInt8(ascii: "'") {
                guard text.holds("''", at: position) else { return value }
                position += 1
            }
            value.append(text[position])
            position += 1
        }
        return nil
    }

    /// The value up to one of `ends` or a comment. A value that begins with an indicator is not a plain scalar (YAML
    /// 1.2.2, 7.3.3).
    private static func plain(from start: Int, _ ends: [UInt8], in text: Span<UInt8>) -> [UInt8]? {
        guard !"|>&*!#%@`[{,".utf8.contains(text[start]) else { return nil }
        var end = start
        while end < min(text.count, start + pathLimit), !ends.contains(text[end]), !text.holds(" #", at: end) {
            end += 1
        }
        while end > start, isBlank(text[end - 1]) || text[end - 1] == 0x0D { end -= 1 }
        let value = text.bytes(start..<end)
        return ["~", "null"].contains(String(decoding: value, as: UTF8.self)) ? nil : value
    }
}

extension Decoding {
    /// Records the files that a kubeconfig names.
    mutating func takeReferences(in text: Span<UInt8>) {
        let files = KubeconfigReferences.files(in: text)
        if files.count > KubeconfigReferences.limit {
            report(
                .tooLarge,
                "it names more than \(KubeconfigReferences.limit) files with certificates; the others are not read")
        }
        refer(to: Array(files.prefix(KubeconfigReferences.limit)))
    }
}
