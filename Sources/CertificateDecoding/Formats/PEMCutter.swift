/// One block of a PEM text: what lies between a BEGIN line and what ends it.
struct PEMBlock {
    /// What the label says is inside.
    enum Label {
        case certificate
        /// A certificate followed by OpenSSL's trust settings.
        case trustedCertificate
        case revocationList
        /// PKCS #7 or CMS.
        case signedData
        case pkcs12
        /// A key, a request, or anything else that is none of ours.
        case other
    }

    /// How the block ended.
    enum Ending {
        case endLine
        /// An END line with another label, or one that is not whole.
        case otherEndLine
        /// The end of the text.
        case missing
    }

    let label: Label
    /// Where its BEGIN stands.
    let start: Int
    let body: Range<Int>
    let ending: Ending
    /// The first block of ours that begins before this one has ended, and so is lost with it.
    let swallowed: Label?
    let setting: Setting

    /// The text before its BEGIN.
    enum Setting {
        /// Nothing, on its line, as every reader of PEM wants it.
        case lineStart
        /// The quote or the name of a string in another notation.
        case string
        /// Anything else: TLS software does not look there.
        case otherText
    }

    /// Whether its line ends are written as `\n`.
    func isEscaped(in text: Span<UInt8>) -> Bool { text.holds("\\", at: body.lowerBound) }
}

/// Cuts a PEM text into blocks, and goes on behind every broken one.
///
/// Our own, because OpenSSL's readers stop at the first bad block. What is one block agrees with them: a BEGIN stands at the
/// start of a line, and what has no END line takes everything with it up to the next one. Kinder than they are, it lets a
/// BEGIN be indented, or stand right behind the END of a file that had no final newline.
struct PEMCutter {
    /// Longer labels are none.
    private static let labelLimit = 64

    private var position = 0

    /// The next block of `text`, or nil after the last. Comments count for nothing.
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

    /// The label's range, up to the five dashes that close it on the same line. Dashes that open the next BEGIN close none.
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
        // Searched from the closing dashes on, since in a damaged text they may belong to the next mark.
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

    /// White space, a byte order mark or the dashes of another block before `index` on its line are nothing.
    private static func setting(of index: Int, body: Int, in text: Span<UInt8>) -> PEMBlock.Setting {
        var start = index
        while start > 0, text[start - 1] == 0x20 || text[start - 1] == 0x09 || text[start - 1] == 0 { start -= 1 }
        guard start > 0, text[start - 1] != 0x0A, text[start - 1] != 0x0D else { return .lineStart }
        if text.holds("-----", at: start - 5) || (start == 3 && text.holds("\u{FEFF}", at: 0)) { return .lineStart }
        return isAssigned(index, in: text) || text.holds("\\", at: body) ? .string : .otherText
    }

    /// Whether a quote opens right before `index` behind a name and its `=` or `:`, as in `.env` files and YAML.
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
    /// Reads the label that stands at `range`. Those of PKCS #7 are all that OpenSSL, certtool and Java write.
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

    /// What a person calls such a block.
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
