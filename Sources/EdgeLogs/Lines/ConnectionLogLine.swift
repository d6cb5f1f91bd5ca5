import CertificateDecoding

/// A line of the connection logs of an AWS Application Load Balancer.
///
/// Source: "Connection logs for your Application Load Balancer", connection log entries. Fields are separated by spaces,
/// and new ones are only appended.
enum ConnectionLogLine {
    /// The fields in their order. Those that are of no use here have no name.
    private static let order = [
        "time", "", "", "", "", "", "", "leaf_client_cert_subject", "leaf_client_cert_validity",
        "leaf_client_cert_serial_number", "tls_verify_status",
    ].map { FieldNames.meaning(of: Array($0.utf8)) }

    /// Finds the fields of `line`.
    static func read(_ line: borrowing Span<UInt8>, into fields: inout ReportedFields) throws(UnreadableLine) {
        var position = 0
        for meaning in order {
            guard position < line.count else { throw .otherFormat }
            let isQuoted = line[position] == UInt8(ascii: "\"")
            let start = isQuoted ? position + 1 : position
            let end: Int
            if isQuoted {
                guard let quote = closingQuote(from: start, line) else { throw .otherFormat }
                end = quote
                position = quote + 1
            } else {
                end = line.firstIndex(of: UInt8(ascii: " "), from: start) ?? line.count
                position = end
            }
            guard position == line.count || line[position] == UInt8(ascii: " ") else { throw .otherFormat }
            position += 1
            if let meaning { fields.take(start..<end, as: meaning, of: line) }
        }
    }

    private static func closingQuote(from start: Int, _ line: borrowing Span<UInt8>) -> Int? {
        var position = start
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: "\""): return position
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return nil
    }
}
