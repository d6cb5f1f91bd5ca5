/// One block of a PEM text, from a BEGIN line to its end.
struct PEMBlock {
    /// The kind of content that the label declares.
    enum Label {
        case certificate
        /// A certificate followed by OpenSSL's trust settings.
        case trustedCertificate
        case revocationList
        /// PKCS #7 or CMS.
        case signedData
        case pkcs12
        /// A key, a request, or any other label.
        case other
    }

    /// How the block ended.
    enum Ending {
        case endLine
        /// An END line with another label, or an incomplete one.
        case otherEndLine
        /// The end of the text.
        case missing
    }

    let label: Label
    /// The offset of its BEGIN.
    let start: Int
    let body: Range<Int>
    let ending: Ending
    /// The first relevant block that begins before this one has ended, and is therefore lost.
    let swallowed: Label?
    let setting: Setting

    /// The text before its BEGIN.
    enum Setting {
        /// Nothing else on the line, as all PEM readers require.
        case lineStart
        /// A quote or the name of a string in another notation.
        case string
        /// Any other text. TLS software does not find the block.
        case otherText
    }

    /// Whether its line ends are written as `\n`.
    func isEscaped(in text: Span<UInt8>) -> Bool { text.holds("\\", at: body.lowerBound) }
}

/// Splits a PEM text into blocks, and continues after a malformed one.
///
/// OpenSSL's readers stop at the first malformed block. Blocks are delimited as by OpenSSL: a BEGIN is at the start of
/// a line, and a block without an END line extends to the next END line. In addition, a BEGIN may be indented, or
/// follow the END of a file without a final newline.
struct PEMCutter {
    /// The maximum length of a label.
    private static let labelLimit = 64

    private var position = 0

    /// The next block of `text`. nil after the last. Comments are skipped.
    mutating func next(in text: Span<UInt8>) -> PEMBlock? {
        while let dash = text.firstIndex(of: UInt8(ascii: "-"), from: position) {
            position = dash + 1
            guard text.holds("-----BEGIN ", at: dash), let label = Self.label(in: text, from: dash + 11),
                !CommentedText.holds(dash, in: text)
            else { continue }
            return block(from: dash, label: label, in: text)
        }
        position = text.count
        return nil
    }

    /// The range of the label, up to the five dashes that end it on the same line. Dashes that belong to the next BEGIN
    /// do not end it.
    private static func label(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
        for index in start..<max(start, min(start + labelLimit, text.count)) {
            switch text[index] {
            case UInt8(ascii: "-") where text.holds("-----", at: index):
                return text.holds("-----BEGIN ", at: index) ? nil : start..<index
            case 0x20...0x7E: continue
            default: return nil
            }
        }
        return nil
    }

    private mutating func block(from start: Int, label: Range<Int>, in text: Span<UInt8>) -> PEMBlock {
        let bodyStart = label.upperBound + 5
        var end = text.count
        var ending = PEMBlock.Ending.missing
        var swallowed: PEMBlock.Label?
        // Start at the closing dashes, since in a damaged text they may belong to the next mark.
        position = label.upperBound
        while let dash = text.firstIndex(of: UInt8(ascii: "-"), from: position) {
            position = dash + 1
            if swallowed == nil, text.holds("-----BEGIN ", at: dash), !CommentedText.holds(dash, in: text) {
                let inner = Self.label(in: text, from: dash + 11).map { PEMBlock.Label($0, in: text) }
                swallowed = inner == .other ? nil : inner
            }
            if text.holds("-----END ", at: dash) {
                let closing = dash + 9
                ending = Self.closes(label, at: closing, in: text) ? .endLine : .otherEndLine
                (end, position) = (dash, closing)
                break
            }
        }
        if end == text.count { position = end }
        return PEMBlock(
            label: PEMBlock.Label(label, in: text), start: start, body: bodyStart..<max(bodyStart, end),
            ending: ending, swallowed: swallowed, setting: Self.setting(of: start, body: bodyStart, in: text))
    }

    private static func closes(_ label: Range<Int>, at index: Int, in text: Span<UInt8>) -> Bool {
        guard text.count - index >= label.count else { return false }
        for offset in 0..<label.count where text[index + offset] != text[label.lowerBound + offset] {
            return false
        }
        return text.holds("-----", at: index + label.count)
    }

    /// Ignores white space, a byte order mark, and the dashes of another block before `index` on its line.
    private static func setting(of index: Int, body: Int, in text: Span<UInt8>) -> PEMBlock.Setting {
        var start = index
        while start > 0, text[start - 1] == 0x20 || text[start - 1] == 0x09 || text[start - 1] == 0 { start -= 1 }
        guard start > 0, text[start - 1] != 0x0A, text[start - 1] != 0x0D else { return .lineStart }
        if text.holds("-----", at: start - 5) || (start == 3 && text.holds("\u{FEFF}", at: 0)) { return .lineStart }
        return isAssigned(index, in: text) || text.holds("\\", at: body) ? .string : .otherText
    }

    /// Whether a quote precedes `index`, after a name with `=` or `:`, as in `.env` files and YAML.
    private static func isAssigned(_ index: Int, in text: Span<UInt8>) -> Bool {
        guard index > 0, text[index - 1] == UInt8(ascii: "\"") || text[index - 1] == UInt8(ascii: "'") else {
            return false
        }
        var position = index - 1
        while position > 0, text[position - 1] == 0x20 || text[position - 1] == 0x09 { position -= 1 }
        return position > 0 && (text[position - 1] == UInt8(ascii: "=") || text[position - 1] == UInt8(ascii: ":"))
    }
}

extension PEMBlock.Label {
    /// Parses the label at `range`. For PKCS #7 it accepts the labels that OpenSSL, certtool and Java write.
    init(_ range: Range<Int>, in text: Span<UInt8>) {
        func reads(_ names: StaticString...) -> Bool {
            names.contains { range.count == $0.utf8CodeUnitCount && text.holds($0, at: range.lowerBound) }
        }
        if reads("CERTIFICATE", "X509 CERTIFICATE") {
            self = .certificate
        } else if reads("TRUSTED CERTIFICATE") {
            self = .trustedCertificate
        } else if reads("X509 CRL") {
            self = .revocationList
        } else if reads("PKCS7", "CMS", "PKCS #7 SIGNED DATA") {
            self = .signedData
        } else {
            self = reads("PKCS12") ? .pkcs12 : .other
        }
    }

    /// The name of such a block in messages.
    var noun: String {
        switch self {
        case .certificate, .trustedCertificate: "certificate"
        case .revocationList: "revocation list"
        case .signedData: "PKCS #7"
        case .pkcs12: "PKCS #12"
        case .other: "PEM"
        }
    }
}
