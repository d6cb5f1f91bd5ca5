import Certificates

/// Why a certificate's block could not be taken apart.
enum PEMFlaw: Error {
    case missingEndLine
    case otherEndLine
    case encrypted
    /// What stands at the offset is no base64, or some of it is missing there.
    case badBase64(offset: Int)

    /// The offset to name to a person, where that is not the block's BEGIN.
    var offset: Int? {
        guard case .badBase64(let offset) = self else { return nil }
        return offset
    }

    /// This flaw for a person.
    var defect: Defect {
        switch self {
        case .missingEndLine: Defect(.badPEM, "a certificate block has no END line")
        case .otherEndLine: Defect(.badPEM, "a certificate block ends with another or a broken END line")
        case .encrypted: Defect(.encrypted, "a certificate block is encrypted (Proc-Type: 4,ENCRYPTED)")
        case .badBase64: Defect(.badPEM, "a certificate block is not valid base64")
        }
    }
}

extension PEMBlock {
    /// Decodes the DER inside this block of `text`.
    ///
    /// - Returns: its length in the decoder's buffer.
    func decodeBody(in text: Span<UInt8>, _ decoder: inout Base64Decoder) throws(PEMFlaw) -> Int {
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

/// Line numbers for ascending offsets, in one pass over the text however often it is asked.
struct LineCounter {
    private var position = 0
    private var line = 1

    /// The line, counted from 1, in which `offset` stands. Lines end with LF, CR or both.
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
