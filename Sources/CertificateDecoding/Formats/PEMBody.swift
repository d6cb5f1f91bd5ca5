import Certificates

/// Why a block could not be decoded.
enum PEMFlaw: Error {
    /// Other text precedes BEGIN on its line.
    case behindText
    case missingEndLine
    /// The next block begins before this one has ended.
    case swallows(PEMBlock.Label)
    case otherEndLine
    case encrypted
    /// The character at the offset is not base64, or characters are missing there.
    case badBase64(offset: Int)

    /// The offset for messages. nil for the block's BEGIN.
    var offset: Int? {
        guard case .badBase64(let offset) = self else { return nil }
        return offset
    }

    /// The defect that describes this flaw of a block with `label`.
    func defect(of label: PEMBlock.Label) -> Defect {
        let block = "a \(label.noun) block"
        return switch self {
        case .behindText:
            Defect(.badPEM, "the BEGIN of \(block) stands behind other text, where TLS software does not look for it")
        case .missingEndLine: Defect(.badPEM, "\(block) has no END line")
        case .swallows(let inner):
            Defect(.badPEM, "\(block) has no END line, and so takes with it the \(inner.noun) block that follows")
        case .otherEndLine: Defect(.badPEM, "\(block) ends with another or a broken END line")
        case .encrypted: Defect(.encrypted, "\(block) is encrypted (Proc-Type: 4,ENCRYPTED)")
        case .badBase64: Defect(.badPEM, "\(block) is not valid base64")
        }
    }
}

extension PEMBlock {
    /// Decodes the content of this block of `text`.
    ///
    /// - Returns: its length in the decoder's buffer.
    func decodeBody(in text: Span<UInt8>, _ decoder: inout Base64Decoder) throws(PEMFlaw) -> Int {
        guard setting != .otherText else { throw .behindText }
        if let swallowed { throw .swallows(swallowed) }
        let isString = setting == .string && text.extracting(body).contains("\\")
        guard isString || isEscaped(in: text) else { return try decode(body, of: text, &decoder) }
        let unescaped = EscapedText.unescaped(text, body)
        do throws(PEMFlaw) {
            return try decode(0..<unescaped.count, of: unescaped.span, &decoder)
        } catch {
            // An offset in the unescaped text is not an offset in the file.
            guard case .badBase64 = error else { throw error }
            throw .badBase64(offset: start)
        }
    }

    private func decode(
        _ body: Range<Int>, of text: Span<UInt8>, _ decoder: inout Base64Decoder
    ) throws(PEMFlaw) -> Int {
        let headers = PEMHeaders(of: body, in: text)
        guard !headers.areEncrypting else { throw .encrypted }
        switch ending {
        case .missing: throw .missingEndLine
        case .otherEndLine: throw .otherEndLine
        case .endLine: break
        }
        do throws(Base64Decoder.Flaw) {
            return try decoder.decode(text, headers.body)
        } catch {
            throw .badBase64(offset: error.offset)
        }
    }
}

/// Computes line numbers for ascending offsets, in one pass over the text.
struct LineCounter {
    private var position = 0
    private var line = 1

    /// The line of `offset`, counted from 1. Lines end with LF, CR or both.
    mutating func line(of offset: Int, in text: Span<UInt8>) -> Int {
        let end = min(offset, text.count)
        while position < end {
            let isLineEnd =
                text[position] == 0x0A
                || (text[position] == 0x0D && !(position + 1 < text.count && text[position + 1] == 0x0A))
            line += isLineEnd ? 1 : 0
            position += 1
        }
        return line
    }
}
