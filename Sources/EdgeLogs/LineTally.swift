import Certificates

/// What the lines of a log or of a report contained.
package struct LineTally: Hashable, Sendable {
    /// The lines that could not be read for one reason.
    package struct Failure: Hashable, Sendable {
        package let reason: UnreadableLine
        package fileprivate(set) var count: Int
        /// The number of the first of them, counted from 1.
        package let firstNumber: Int
        /// The beginning of the first of them. Untrusted text.
        package let firstText: String
    }

    /// How much of an unreadable line is kept.
    private static let exampleLength = 200

    package private(set) var lines = 0
    /// The lines that report the use of a certificate.
    package private(set) var uses = 0
    /// The lines of clients that presented no certificate.
    package private(set) var withoutCertificate = 0
    /// The lines of clients whose certificate the edge did not accept. Anybody can present such a certificate.
    package private(set) var notAccepted = 0
    /// By reason, in the order of their first lines.
    package private(set) var unreadable: [Failure] = []

    package init() {}

    /// The number of lines that could not be read.
    package var unreadableCount: Int { unreadable.reduce(0) { $0 + $1.count } }

    mutating func count(_ reading: LineReading) {
        lines += 1
        switch reading {
        case .use: uses += 1
        case .withoutCertificate: withoutCertificate += 1
        case .notAccepted: notAccepted += 1
        }
    }

    mutating func count(_ reason: UnreadableLine, _ line: borrowing Span<UInt8>) {
        lines += 1
        if let index = unreadable.firstIndex(where: { $0.reason == reason }) {
            unreadable[index].count += 1
            return
        }
        let text = line.extracting(first: Self.exampleLength).withUnsafeBufferPointer {
            String(decoding: $0, as: UTF8.self)
        }
        unreadable.append(Failure(reason: reason, count: 1, firstNumber: lines, firstText: text))
    }
}

/// What a line that could be read reports.
enum LineReading: Hashable {
    /// A use of the certificate with this index in `UseCollector`.
    case use(certificate: Int, hostname: Int, at: Instant)
    case withoutCertificate
    case notAccepted
}
