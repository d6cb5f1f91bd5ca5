/// One block of a PEM text: what lies between a BEGIN line and what ends it.
struct PEMBlock {
    /// What the label says is inside.
    enum Label {
        case certificate
        /// A certificate followed by OpenSSL's trust settings.
        case trustedCertificate
        /// A key, a request, a revocation list, or anything else that is no certificate.
        case other
    }

    /// How the block ended.
    enum Ending {
        case endLine
        /// An END line with another label, or one that is not whole.
        case otherEndLine
        /// The next BEGIN, or the end of the text.
        case missing
    }

    let label: Label
    /// Where its BEGIN stands.
    let start: Int
    let body: Range<Int>
    let ending: Ending
}

/// Cuts a PEM text into blocks, and starts anew at every BEGIN, so that no broken block hides the next one.
///
/// Our own, because OpenSSL's readers want BEGIN at the start of a line and stop at the first bad block. Here a BEGIN
/// counts wherever it stands: indented, after CR alone, or right behind the END of a file that had no final newline.
struct PEMCutter {
    /// Longer labels are none.
    private static let labelLimit = 64

    private var position = 0

    /// The next block of `text`, or nil after the last.
    mutating func next(in text: Span<UInt8>) -> PEMBlock? {
        while let dash = text.firstIndex(of: UInt8(ascii: "-"), from: position) {
            position = dash + 1
            guard text.holds("-----BEGIN ", at: dash), let label = Self.label(in: text, from: dash + 11) else {
                continue
            }
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
        // Searched from the closing dashes on, since in a damaged text they may belong to the next BEGIN.
        position = label.upperBound
        while let dash = text.firstIndex(of: UInt8(ascii: "-"), from: position) {
            position = dash + 1
            if text.holds("-----BEGIN ", at: dash) {
                (end, position) = (dash, dash)
                break
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
            label: Self.kind(of: label, in: text), start: start, body: bodyStart..<max(bodyStart, end), ending: ending)
    }

    private static func closes(_ label: Range<Int>, at index: Int, in text: Span<UInt8>) -> Bool {
        guard text.count - index >= label.count else { return false }
        for offset in 0..<label.count where text[index + offset] != text[label.lowerBound + offset] {
            return false
        }
        return text.holds("-----", at: index + label.count)
    }

    private static func kind(of label: Range<Int>, in text: Span<UInt8>) -> PEMBlock.Label {
        func reads(_ name: StaticString) -> Bool {
            label.count == name.utf8CodeUnitCount && text.holds(name, at: label.lowerBound)
        }
        if reads("CERTIFICATE") || reads("X509 CERTIFICATE") { return .certificate }
        return reads("TRUSTED CERTIFICATE") ? .trustedCertificate : .other
    }
}
