/// The fields of one line, as ranges of its bytes. It is reused from line to line.
struct ReportedFields {
    /// How the values of a line are escaped.
    enum Escaping {
        case none
        /// `\"`, `\\`, `\u0020` (RFC 8259 section 7).
        case json
        /// `\x22` (nginx's default).
        case hexadecimal
        /// `\"`.
        case backslash
    }

    private var ranges: [Range<Int>?] = Array(repeating: nil, count: ReportField.allCases.count)
    private var ranks: [UInt8] = Array(repeating: .max, count: ReportField.allCases.count)
    /// The header whose encoding the certificate has.
    private(set) var header = ""
    /// Whether the line has any field of a certificate, even an empty one.
    private(set) var isAboutCertificates = false
    let escaping: Escaping

    init(escaping: Escaping) {
        self.escaping = escaping
    }

    /// Prepares for the next line.
    mutating func clear() {
        for index in ranges.indices {
            ranges[index] = nil
            ranks[index] = .max
        }
        header = ""
        isAboutCertificates = false
    }

    /// The bytes of a field; nil when the line does not have it, or has it empty or as `-`.
    subscript(field: ReportField) -> Range<Int>? { ranges[field.rawValue] }

    /// Takes a value, unless a name of lower rank had one.
    mutating func take(_ range: Range<Int>, as meaning: FieldNames.Meaning, of line: borrowing Span<UInt8>) {
        switch meaning.field {
        case .hostname, .time: break
        case .certificate, .subject, .issuer, .serialNumber, .notBefore, .notAfter, .validity, .fingerprint,
            .verification, .revoked, .presented:
            isAboutCertificates = true
        }
        let index = meaning.field.rawValue
        guard meaning.rank < ranks[index], !range.isEmpty else { return }
        if range.count == 1, line[range.lowerBound] == UInt8(ascii: "-") { return }
        ranks[index] = meaning.rank
        ranges[index] = range
        if meaning.field == .certificate { header = meaning.header }
    }
}
